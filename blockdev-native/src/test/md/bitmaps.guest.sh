# Runs in the guest: makes one array, writes known ranges, asks for the power to be cut while their bits are set.
# From the array's description in /tmp/share/array: create='…' disks=N chunk of writes in units of 4 KiB.
. /tmp/share/array
set -e
yes | $FB_MDADM --create /dev/md0 --run --assume-clean $create --raid-devices=$disks $members
if grep -q bitmap: /proc/mdstat
then
    # mdadm sets all bits of a new bitmap, even of an array that is said to be clean: md clears them when it is idle
    echo 1 >/sys/block/md0/md/bitmap/time_base
    tries=0
    until grep -q 'bitmap: 0/' /proc/mdstat
    do
        tries=$((tries + 1))
        [ $tries -lt 200 ]
        sleep 0.1
    done
    sleep 2.5
    # from here on nothing is cleared
    echo 600 >/sys/block/md0/md/bitmap/time_base
fi
bytes=$(cat /sys/block/md0/size)
bytes=$((bytes * 512))
{
    echo "kernel $(uname -r)"
    echo "$($FB_MDADM --version 2>&1)"
    echo "create $create --raid-devices=$disks"
    echo "arrayBytes $bytes"
} >/tmp/share/written
write() # offset and length in granules of 4 KiB
{
    dd if=/dev/zero of=/dev/md0 bs=4096 seek=$1 count=$2 oflag=direct conv=notrunc 2>/dev/null
    echo "write $(($1 * 4096)) $(($2 * 4096))" >>/tmp/share/written
}
granules=$((bytes / 4096))
[ -z "${before:-}" ] || eval "$before"
write 0 1
write 77 3
write $((granules / 5)) 40
write $((granules / 2 - 1)) 2
write $((granules * 3 / 4 + 5)) 1
write $((granules - 1)) 1
[ -z "${after:-}" ] || eval "$after"
cat /proc/mdstat >>/tmp/share/mdstat
touch /tmp/share/cut
while :; do sleep 1; done
