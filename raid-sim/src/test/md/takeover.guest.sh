# Runs in the guest: has md take over arrays that were simulated, says what it finds, and writes to them.
#
# Each directory of /tmp/share/arrays holds one array: its members' images "member.N", and "patch", which is written to
# the array at the byte "at" names (in units of 4 KiB). Lines of /tmp/share/report: NAME WHAT VALUE.
$insmod "$FB_MODULES/drivers/block/loop.ko"

idle() # waits until md has synced or checked what it wants to
{
    while [ -e /sys/block/md0/md/sync_action ] && [ "$(cat /sys/block/md0/md/sync_action)" != idle ]
    do
        sleep 0.1
    done
}

say()
{
    echo "$name $1 $2" >>/tmp/share/report
}

takeover()
{
    loops=
    for image in "$1"/member.*
    do
        loops="$loops $(losetup --find --show "$image")"
    done
    $FB_MDADM --examine $loops >"$1/examine" 2>&1
    for loop in $loops
    do
        # it says so on stderr, if anything
        $FB_MDADM --examine-bitmap $loop >>"$1/bitmaps" 2>&1 || true
    done
    say assembled "$($FB_MDADM --assemble --run /dev/md0 $loops 2>&1 | tail -n 1)"
    say degraded "$(cat /sys/block/md0/md/degraded 2>/dev/null || echo 0)"
    say action "$(cat /sys/block/md0/md/sync_action 2>/dev/null || echo none)"
    say read "$(sha256sum </dev/md0 | cut -d ' ' -f 1)"
    if [ -e /sys/block/md0/md/mismatch_cnt ] && [ "$(cat /sys/block/md0/md/degraded)" = 0 ]
    then
        idle
        echo check >/sys/block/md0/md/sync_action
        idle
        say mismatches "$(cat /sys/block/md0/md/mismatch_cnt)"
    fi
    dd if="$1/patch" of=/dev/md0 bs=4k seek="$(cat "$1/at")" oflag=direct conv=notrunc,fsync 2>/dev/null
    idle
    $FB_MDADM --stop /dev/md0
    losetup --detach $loops
}

for directory in /tmp/share/arrays/*
do
    name=$(basename "$directory")
    takeover "$directory"
done
