# Runs in the guest: brings arrays into every state that can be had and writes down what sysfs says of each.
# A state is one file: for every attribute "== PATH" (below /sys/block/md0/md) and then its content.
set -e
sys=/sys/block/md0/md
echo 1 >/proc/sys/dev/raid/speed_limit_min
echo 100 >/proc/sys/dev/raid/speed_limit_max
mkdir -p /tmp/share/states

record() # NAME
{
    for file in $(cd $sys && find . -type f -perm -0400 | sort)
    do
        if content=$(cat $sys/$file 2>/dev/null)
        then
            printf '== %s\n' "${file#./}"
            [ -z "$content" ] || printf '%s\n' "$content"
        fi
    done >/tmp/share/states/$1.txt
    echo "$1: $(cat $sys/array_state) $(cat $sys/sync_action 2>/dev/null) $(cat $sys/degraded 2>/dev/null)"
    cat /proc/mdstat
}
create() # mdadm options; two disks stay free
{
    yes | $FB_MDADM --create /dev/md0 --run "$@"
}
until_is() # ATTRIBUTE VALUE
{
    for try in $(seq 300)
    do
        case $(cat $sys/$1) in $2) return 0 ;; esac
        sleep 0.1
    done
    echo "never: $1 is $(cat $sys/$1), wanted $2"
}
end()
{
    $FB_MDADM --stop /dev/md0
    $FB_MDADM --zero-superblock /dev/ubd[a-f] 2>/dev/null || true
}
do_action()
{
    echo $1 >$sys/sync_action
    until_is sync_action $1
    sleep 1
}

create --level=1 --raid-devices=2 --bitmap=internal /dev/ubda /dev/ubdb
until_is sync_action resync; sleep 1
record raid1-building
end
create --level=1 --raid-devices=2 --bitmap=internal --assume-clean /dev/ubda /dev/ubdb
record raid1-clean
dd if=/dev/zero of=/dev/md0 bs=4096 count=2000 oflag=direct 2>/dev/null &
until_is array_state active
record raid1-active
wait
do_action check; record raid1-checking
echo idle >$sys/sync_action; until_is sync_action idle
do_action repair; record raid1-repairing
echo idle >$sys/sync_action; until_is sync_action idle
echo frozen >$sys/sync_action; record raid1-frozen
echo idle >$sys/sync_action
$FB_MDADM --readonly /dev/md0; record raid1-readonly
$FB_MDADM --readwrite /dev/md0
echo "100 8" >$sys/dev-ubdb/bad_blocks; record raid1-bad-blocks
$FB_MDADM /dev/md0 --fail /dev/ubdb; record raid1-degraded
$FB_MDADM /dev/md0 --remove /dev/ubdb; record raid1-degraded-removed
$FB_MDADM /dev/md0 --add /dev/ubdc; until_is sync_action recover; sleep 1
record raid1-rebuilding
end
create --level=1 --raid-devices=2 --bitmap=internal --assume-clean /dev/ubda /dev/ubdb
$FB_MDADM /dev/md0 --fail /dev/ubda; $FB_MDADM /dev/md0 --fail /dev/ubdb || true; record raid1-last-member-failing
end
create --level=1 --raid-devices=2 --bitmap=internal --assume-clean /dev/ubda /dev/ubdb
$FB_MDADM /dev/md0 --add /dev/ubdc; sleep 0.5; record raid1-spare
echo want_replacement >$sys/dev-ubda/state; until_is sync_action recover; sleep 1
record raid1-replacing
$FB_MDADM --stop /dev/md0
$FB_MDADM --incremental --run=no /dev/ubdb 2>/dev/null || $FB_MDADM --incremental /dev/ubdb || true
if [ ! -e $sys/array_state ]; then sys=$(echo /sys/block/md*/md); fi
record raid1-inactive
$FB_MDADM --stop /dev/$(echo $sys | cut -d/ -f4); sys=/sys/block/md0/md
echo 1 >/sys/module/md_mod/parameters/start_ro
$FB_MDADM --assemble --run /dev/md0 /dev/ubda /dev/ubdb; record raid1-read-auto
echo 0 >/sys/module/md_mod/parameters/start_ro
end
create --level=5 --raid-devices=3 --chunk=64 --bitmap=internal /dev/ubda /dev/ubdb /dev/ubdc
until_is sync_action recover; sleep 1
record raid5-first-sync-by-recovery
end
create --level=5 --raid-devices=3 --chunk=64 --force /dev/ubda /dev/ubdb /dev/ubdc
until_is sync_action resync; sleep 1
record raid5-building
end
create --level=5 --raid-devices=3 --chunk=64 --assume-clean --bitmap=internal /dev/ubda /dev/ubdb /dev/ubdc
record raid5-clean
$FB_MDADM /dev/md0 --fail /dev/ubda; record raid5-degraded
$FB_MDADM /dev/md0 --fail /dev/ubdb || true; record raid5-failed
end
create --level=5 --raid-devices=3 --chunk=64 --assume-clean --consistency-policy=ppl /dev/ubda /dev/ubdb /dev/ubdc
record raid5-ppl
end
create --level=5 --raid-devices=3 --chunk=64 --assume-clean /dev/ubda /dev/ubdb /dev/ubdc
$FB_MDADM /dev/md0 --add /dev/ubdd
$FB_MDADM --grow /dev/md0 --raid-devices=4 || true
sleep 1; record raid5-reshaping
end
create --level=6 --raid-devices=4 --chunk=64 --assume-clean --bitmap=internal /dev/ubd[abcd]
$FB_MDADM /dev/md0 --fail /dev/ubda; $FB_MDADM /dev/md0 --fail /dev/ubdb; record raid6-degraded-2
$FB_MDADM /dev/md0 --add /dev/ubde; until_is sync_action recover; sleep 1; record raid6-rebuilding-1-of-2
$FB_MDADM /dev/md0 --fail /dev/ubdc || true; sleep 0.5; record raid6-failed
end
create --level=10 --layout=n2 --raid-devices=4 --assume-clean --bitmap=internal /dev/ubd[abcd]
$FB_MDADM /dev/md0 --fail /dev/ubda; $FB_MDADM /dev/md0 --fail /dev/ubdc; record raid10-n2-degraded-2
$FB_MDADM /dev/md0 --fail /dev/ubdb || true; record raid10-n2-pair-failing
end
create --level=10 --layout=f2 --raid-devices=4 --assume-clean --bitmap=internal /dev/ubd[abcd]
$FB_MDADM /dev/md0 --fail /dev/ubda; $FB_MDADM /dev/md0 --fail /dev/ubdb || true; record raid10-f2-neighbours-failing
end
create --level=0 --raid-devices=2 /dev/ubda /dev/ubdb
record raid0-clean
$FB_MDADM /dev/md0 --fail /dev/ubda || true; record raid0-failing
end
