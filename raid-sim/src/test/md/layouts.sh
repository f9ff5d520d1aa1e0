#!/bin/bash
# Makes the fixtures of data layouts with a real kernel: layouts.sh WORK
#
# One guest makes each array of small zeroed disks, writes all of it with a pattern that is different in each sector,
# has md check it, and stops it. Kept of each array:
#
#   NAME.txt      kernel, mdadm, how it was created, arrayBytes, memberBytes, "members N"
#   NAME.bin.gz   all members from their first byte to their last, in the order of their slots
#
# The pattern: each of the 64 words of a sector is ((sector / 8 + 1) * 0x9e3779b97f4a7c15) ^ (sector % 8), modulo 2^64,
# little-endian, "sector" counting 512 bytes of the array. It shows where a sector came from, and compresses well, and
# so does the parity of it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rig=$here/../../../../blockdev-native/src/test/md
fixtures=$here/../resources/io/farblock/raidsim/md/layouts
work=$1
# 1 MiB of data and a rest that is no whole number of the larger chunks
member_kib=1612

perl -Minteger -e 'for (my $s = 0; $s < 12288; $s++)
    { print pack("q<", (($s / 8 + 1) * 0x9e3779b97f4a7c15) ^ ($s % 8)) x 64 }' >"$work/pattern"
files=()
for i in 0 1 2 3 4
do
    rm -f "$work/disk$i"
    truncate -s ${member_kib}K "$work/disk$i"
    files+=("$work/disk$i")
done
rm -rf "$work/made"
mkdir "$work/made"
cp "$here/layouts.guest.sh" "$work/"
GUEST_SECONDS=${GUEST_SECONDS:-240} "$rig/guest.sh" "$work" layouts.guest.sh "${files[@]}"
tail -n 1 "$work/log" | grep -qx "all made" || { cat "$work/log"; exit 1; }
mkdir -p "$fixtures"
rm -f "$fixtures"/*
for text in "$work"/made/*.txt
do
    name=$(basename "$text" .txt)
    cp "$text" "$fixtures/"
    cat "$work/made/$name".member* | gzip -9n >"$fixtures/$name.bin.gz"
    echo "$name: $(stat -c %s "$fixtures/$name.bin.gz") bytes"
done
