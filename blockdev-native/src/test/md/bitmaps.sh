#!/bin/bash
# Makes the fixtures of write-intent bitmaps with a real kernel: bitmaps.sh WORK [NAME...]
#
# Each array is made of small zeroed disks, written at known places and cut off while the bits are set. What is kept of
# each member is the stretch with its superblock and bitmap (the first 256 KiB, or the last for metadata 1.0):
#
#   NAME.txt   kernel, mdadm, how it was created, arrayBytes, memberBytes, "piece OFFSET LENGTH" of every member,
#              "members N", and "write OFFSET LENGTH" in bytes of the array for all that was written
#   NAME.bin.gz   the pieces of all members, in the order of their disks
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
shift
fixtures=$here/../resources/io/farblock/blockdev/raid/bitmaps
member_mib=24

array() # name, disks, mdadm options, then what else the guest should do before and after the writes
{
    local name=$1 disks=$2 create=$3 before=${4:-} after=${5:-} i members= files=()
    [ -z "$wanted" ] || [[ " $wanted " == *" $name "* ]] || return 0
    rm -f "$work"/disk* "$work/written" "$work/mdstat"
    for ((i = 0; i < disks + ${spares:-0}; i++))
    do
        truncate -s ${member_mib}M "$work/disk$i"
        files+=("$work/disk$i")
        [ "$i" -ge "$disks" ] || members="$members /dev/ubd$(printf '\x'$(printf %x $((97 + i))))"
    done
    {
        printf 'create=%q\ndisks=%q\nmembers=%q\n' "$create" "$disks" "$members"
        printf 'before=%q\nafter=%q\n' "$before" "$after"
    } >"$work/array"
    cp "$here/bitmaps.guest.sh" "$work/"
    "$here/guest.sh" "$work" bitmaps.guest.sh "${files[@]}" || { cat "$work/log"; return 1; }
    local at=0 length=262144
    case $create in *--metadata=1.0*) at=$((member_mib * 1048576 - length)) ;; esac
    {
        cat "$work/written"
        echo "memberBytes $((member_mib * 1048576))"
        echo "piece $at $length"
        echo "members ${#files[@]}"
    } >"$fixtures/$name.txt"
    for file in "${files[@]}"
    do
        tail -c +$((at + 1)) "$file" | head -c $length
    done | gzip -9n >"$fixtures/$name.bin.gz"
    echo "$name: $(stat -c %s "$fixtures/$name.bin.gz") bytes"
}

wanted="$*"
common='--data-offset=512K --bitmap=internal'
array raid1 2 "--level=1 --metadata=1.2 $common --bitmap-chunk=64K"
array raid1-10 3 '--level=1 --metadata=1.0 --bitmap=internal --bitmap-chunk=32K'
array raid1-11 2 "--level=1 --metadata=1.1 $common --bitmap-chunk=16K"
array raid10-n2 4 "--level=10 --layout=n2 --metadata=1.2 --chunk=64 $common --bitmap-chunk=128K"
array raid10-n2-odd 3 "--level=10 --layout=n2 --metadata=1.2 --chunk=64 $common --bitmap-chunk=16K"
array raid10-n3 5 "--level=10 --layout=n3 --metadata=1.2 --chunk=32 $common --bitmap-chunk=64K"
array raid10-f2 4 "--level=10 --layout=f2 --metadata=1.2 --chunk=64 $common --bitmap-chunk=128K"
array raid10-f2-odd 3 "--level=10 --layout=f2 --metadata=1.2 --chunk=64 $common --bitmap-chunk=64K"
array raid10-o2 4 "--level=10 --layout=o2 --metadata=1.2 --chunk=64 $common --bitmap-chunk=128K"
array raid10-o2-odd 5 "--level=10 --layout=o2 --metadata=1.2 --chunk=64 $common --bitmap-chunk=64K"
array raid5 4 "--level=5 --metadata=1.2 --chunk=64 $common --bitmap-chunk=64K"
array raid5-fine 3 "--level=5 --metadata=1.2 --chunk=128 $common --bitmap-chunk=16K"
array raid5-10 3 '--level=5 --metadata=1.0 --chunk=64 --bitmap=internal --bitmap-chunk=256K'
array raid6 5 "--level=6 --metadata=1.2 --chunk=32 $common --bitmap-chunk=128K"
array raid4 3 "--level=4 --metadata=1.2 --chunk=64 $common --bitmap-chunk=64K"
array none 2 '--level=1 --metadata=1.2 --data-offset=512K --bitmap=none'
array ppl 3 '--level=5 --metadata=1.2 --chunk=64 --consistency-policy=ppl'
array raid0 2 '--level=0 --metadata=1.2 --chunk=64 --data-offset=512K'
array raid1-dropped 2 "--level=1 --metadata=1.2 $common --bitmap-chunk=64K" \
    'write 100 1; $FB_MDADM /dev/md0 --fail /dev/ubda; write 1000 1'
array raid5-dropped 3 "--level=5 --metadata=1.2 --chunk=64 $common --bitmap-chunk=64K" \
    'write 100 1; $FB_MDADM /dev/md0 --fail /dev/ubdb; $FB_MDADM /dev/md0 --remove /dev/ubdb; write 1000 1'
spares=1 array raid1-spare 2 "--level=1 --metadata=1.2 $common --bitmap-chunk=64K" \
    '$FB_MDADM /dev/md0 --add /dev/ubdc'
