#!/bin/bash
# Makes the fixtures of array states with a real kernel: states.sh WORK
#
# One guest brings arrays on six small disks into each state (states.guest.sh); what sysfs said is kept as text.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
rm -rf "$work/states" "$work"/disk*
files=()
for i in 0 1 2 3 4 5
do
    truncate -s 48M "$work/disk$i"
    files+=("$work/disk$i")
done
cp "$here/states.guest.sh" "$work/"
GUEST_SECONDS=${GUEST_SECONDS:-180} "$here/guest.sh" "$work" states.guest.sh "${files[@]}" ||
    { cat "$work/log"; exit 1; }
cp "$work"/states/*.txt "$here/../resources/io/farblock/blockdev/raid/states/"
