# Runs in the guest: has md take over arrays that were simulated, says what it finds, and writes to them.
#
# Each directory of /tmp/share/arrays holds one array: its members' images "member.N", and "patch", which is written to
# the array at granule "at" (of 4 KiB). What the array holds before that is left in "content"; of a whole array the
# members are copied to "running" while md has it open for writing. Lines of /tmp/share/report: NAME WHAT VALUE.
$insmod "$FB_MODULES/drivers/block/loop.ko"
# nobody else wants the disks
echo 2000000 >/proc/sys/dev/raid/speed_limit_max
echo 1000000 >/proc/sys/dev/raid/speed_limit_min

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
    say unclean "$($FB_MDADM --examine $loops | grep -c 'State : active')"
    say assembled "$($FB_MDADM --assemble --run /dev/md0 $loops 2>&1 | tail -n 1)"
    say degraded "$(cat /sys/block/md0/md/degraded 2>/dev/null || echo 0)"
    say action "$(cat /sys/block/md0/md/sync_action 2>/dev/null || echo none)"
    say bad "$(cat /sys/block/md0/md/dev-*/bad_blocks | tr '\n' ' ')"
    cat /dev/md0 >"$1/content"
    idle
    whole=no
    if [ -e /sys/block/md0/md/mismatch_cnt ] && [ "$(cat /sys/block/md0/md/degraded)" = 0 ]
    then
        whole=yes
        echo check >/sys/block/md0/md/sync_action
        idle
        say mismatches "$(cat /sys/block/md0/md/mismatch_cnt)"
    fi
    # long enough for the copy: else md would call the array clean 0.2 s after the write
    [ ! -e /sys/block/md0/md/safe_mode_delay ] || echo 60 >/sys/block/md0/md/safe_mode_delay
    dd if="$1/patch" of=/dev/md0 bs=4k seek="$(cat "$1/at")" oflag=direct conv=notrunc,fsync 2>/dev/null
    if [ $whole = yes ]
    then
        mkdir "$1/running"
        cp "$1"/member.* "$1/running/"
    fi
    idle
    $FB_MDADM --stop /dev/md0
    losetup --detach $loops
}

for directory in /tmp/share/arrays/*
do
    name=$(basename "$directory")
    takeover "$directory"
done
