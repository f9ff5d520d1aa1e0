# Runs in the guest: has md take over arrays that were simulated, says what it finds, and writes to them.
#
# Each directory of /tmp/share/arrays holds one array: its members' images "member.N", and "patch", which is written to
# the array at granule "at" (of 4 KiB). What the array holds before that is left in "content"; of a whole array the
# members are copied to "running" while md has it open for writing. Lines of /tmp/share/report: NAME WHAT VALUE.
$insmod "$FB_MODULES/drivers/block/loop.ko"
# nobody else wants the disks
echo 2000000 >/proc/sys/dev/raid/speed_limit_max
echo 1000000 >/proc/sys/dev/raid/speed_limit_min
md=/sys/block/md0/md

attribute() # of md, into $value; starting processes is what takes time in the guest
{
    value=$2
    [ ! -e "$md/$1" ] || read -r value <"$md/$1" || true
}

idle() # waits until md has synced or checked what it wants to
{
    attribute sync_action idle
    while [ "$value" != idle ]
    do
        sleep 0.1
        attribute sync_action idle
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
    case $name in *-cut) say unclean "$($FB_MDADM --examine $loops | grep -c 'State : active')" ;; esac
    say assembled "$($FB_MDADM --assemble --run /dev/md0 $loops 2>&1 | tail -n 1)"
    attribute degraded 0
    say degraded "$value"
    attribute sync_action none
    say action "$value"
    case $name in *-bad) say bad "$(cat $md/dev-*/bad_blocks | tr '\n' ' ')" ;; esac
    cat /dev/md0 >"$1/content"
    idle
    whole=no
    attribute degraded -1
    if [ "$value" = 0 ]
    then
        whole=yes
        echo check >$md/sync_action
        idle
        attribute mismatch_cnt unknown
        say mismatches "$value"
    fi
    # long enough for the copy: else md would call the array clean 0.2 s after the write
    [ ! -e $md/safe_mode_delay ] || echo 60 >$md/safe_mode_delay
    read -r at <"$1/at" || true
    dd if="$1/patch" of=/dev/md0 bs=4k seek="$at" oflag=direct conv=notrunc,fsync 2>/dev/null
    case $whole$name in
        no* | *-cut | *-rebuilding | *-bad) ;;
        *) mkdir "$1/running" && cp "$1"/member.* "$1/running/" ;;
    esac
    $FB_MDADM --stop /dev/md0
    losetup --detach $loops
}

for directory in /tmp/share/arrays/*
do
    name=${directory##*/}
    takeover "$directory"
done
