# Runs in the guest: makes the arrays whose members become fixtures of layouts.sh, one after the other on five disks.
set -e
idle() # waits until md has synced or checked what it wants to
{
    while [ -e /sys/block/md0/md/sync_action ] && [ "$(cat /sys/block/md0/md/sync_action)" != idle ]
    do
        sleep 0.1
    done
}

array() # name, disks, mdadm options
{
    name=$1 disks=$2 create="$3 --metadata=1.2 --data-offset=512K"
    members=$(echo /dev/ubda /dev/ubdb /dev/ubdc /dev/ubdd /dev/ubde | cut -d ' ' -f "1-$disks")
    for member in $members
    do
        dd if=/dev/zero of=$member bs=4k oflag=direct 2>/dev/null || true
    done
    yes | $FB_MDADM --create /dev/md0 --run $create --raid-devices=$disks $members 2>&1 | grep -v 'Continue creating' ||
        true
    # zeroed disks agree, whatever the level
    idle
    sectors=$(cat /sys/block/md0/size)
    dd if=/tmp/share/pattern of=/dev/md0 bs=4k count=$((sectors / 8)) iflag=fullblock oflag=direct conv=fsync 2>/dev/null
    cmp -n $((sectors * 512)) /tmp/share/pattern /dev/md0
    if [ -e /sys/block/md0/md/sync_action ]
    then
        echo check >/sys/block/md0/md/sync_action
        idle
        [ "$(cat /sys/block/md0/md/mismatch_cnt)" = 0 ]
    fi
    $FB_MDADM --stop /dev/md0
    {
        echo "kernel $(uname -r)"
        echo "$($FB_MDADM --version 2>&1)"
        echo "create $create --raid-devices=$disks"
        echo "arrayBytes $((sectors * 512))"
        echo "memberBytes $(($(cat /sys/block/ubda/size) * 512))"
        echo "members $disks"
    } >"/tmp/share/made/$name.txt"
    i=0
    for member in $members
    do
        dd if=$member of="/tmp/share/made/$name.member$i" bs=4k iflag=direct 2>/dev/null
        i=$((i + 1))
    done
    echo "made $name"
}
bits='--bitmap=internal --bitmap-chunk=64K'
array raid0 3 '--level=0 --chunk=16'
array raid1 2 "--level=1 $bits"
array raid5 3 '--level=5 --chunk=64'
array raid5-4 4 "--level=5 --chunk=4 $bits"
array raid6 4 "--level=6 --chunk=16 $bits"
array raid6-5 5 '--level=6 --chunk=32'
array raid10-n2 4 '--level=10 --layout=n2 --chunk=64'
array raid10-n2-odd 3 "--level=10 --layout=n2 --chunk=64 $bits"
array raid10-n3 5 '--level=10 --layout=n3 --chunk=8'
array raid10-f2 4 '--level=10 --layout=f2 --chunk=64'
array raid10-f2-odd 3 "--level=10 --layout=f2 --chunk=32 $bits"
array raid10-o2 4 '--level=10 --layout=o2 --chunk=16'
array raid10-o2-odd 3 '--level=10 --layout=o2 --chunk=64'
echo "all made"
