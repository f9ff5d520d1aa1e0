#!/bin/bash
# Cuts the power of arrays in mid-write with md's own clearing of bits at work: cuts.sh WORK [ROUNDS]
#
# What came back from the array no longer than time_base before the cut must be named; fails if something is not. (The
# power goes some tenths of a second after the time that the guest notes, so that much less is asked for.) A round takes
# two minutes. Build the module's tests first.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(cd "$1" && pwd)
module=$(cd "$here/../../.." && pwd)
time_base=2
cp "$here/cuts.guest.sh" "$work/"
class_path=$module/target/classes:$module/target/test-classes
for jar in $(find "${M2:-$HOME/.m2/repository}" -name 'agrona-*.jar')
do
    class_path=$class_path:$jar
done
cut() # disks and mdadm options
{
    local disks=$1 create=$2 i members= files=()
    rm -f "$work"/disk* "$work/written" "$work/cut_at"
    for ((i = 0; i < disks; i++))
    do
        truncate -s 256M "$work/disk$i"
        files+=("$work/disk$i")
        members="$members /dev/ubd$(printf '\x'$(printf %x $((97 + i))))"
    done
    {
        printf 'create=%q\ndisks=%q\nmembers=%q\n' "$create --bitmap=internal --bitmap-chunk=64K" "$disks" "$members"
        printf 'time_base=%q\ncut_after=%q\n' $time_base $((8 + RANDOM % 5)).$((RANDOM % 10))
    } >"$work/array"
    "$here/guest.sh" "$work" cuts.guest.sh "${files[@]}" || { cat "$work/log"; return 1; }
    java --add-exports java.base/jdk.internal.misc=ALL-UNNAMED -cp "$class_path" \
        io.farblock.blockdev.raid.PowerCutProbe "$work" "$((time_base - 1)).7" "${files[@]}"
}
for ((round = 0; round < ${2:-1}; round++))
do
    cut 2 '--level=1'
    cut 4 '--level=10 --layout=n2 --chunk=64'
    cut 3 '--level=10 --layout=f2 --chunk=64'
    cut 4 '--level=10 --layout=o2 --chunk=64'
    cut 4 '--level=5 --chunk=64'
    cut 5 '--level=6 --chunk=32'
done
