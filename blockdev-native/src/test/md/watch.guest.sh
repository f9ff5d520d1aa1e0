# Runs in the guest: changes an array while ArrayWatchProbe looks on, then starts and stops one many times.
set -e
sys=/sys/block/md0/md
echo 1 >/proc/sys/dev/raid/speed_limit_min
echo 100 >/proc/sys/dev/raid/speed_limit_max
. /tmp/share/probe
$probe io.farblock.blockdev.raid.ArrayWatchProbe md0 /tmp/end >/tmp/share/watched 2>&1 &
shown() # TEXT: until the probe has printed it; it gets 5 s, less than the 60 s after which it would look by itself
{
    for try in $(seq 50)
    do
        if tail -n 1 /tmp/share/watched | grep -q "^$1"
        then
            echo "seen: $1"
            return 0
        fi
        sleep 0.1
    done
    echo "NOT SEEN: $1, but $(tail -n 1 /tmp/share/watched)"
    return 1
}
for try in $(seq 300); do grep -q GONE /tmp/share/watched && break; sleep 0.1; done
create()
{
    yes | $FB_MDADM --create /dev/md0 --run --level=1 --raid-devices=2 --bitmap=internal "$@" /dev/ubda /dev/ubdb
}
shown GONE
create; shown BUILDING
echo idle >$sys/sync_action; echo frozen >$sys/sync_action; shown 'CLEAN | clean, recovery is frozen'
$FB_MDADM --stop /dev/md0; shown GONE
create --assume-clean; shown CLEAN
echo check >$sys/sync_action; shown CHECKING
echo idle >$sys/sync_action; shown CLEAN
$FB_MDADM --readonly /dev/md0; shown READ_ONLY
$FB_MDADM --readwrite /dev/md0; shown CLEAN
$FB_MDADM /dev/md0 --fail /dev/ubdb; shown DEGRADED
$FB_MDADM /dev/md0 --remove /dev/ubdb
$FB_MDADM /dev/md0 --add /dev/ubdc; shown 'REBUILDING | rebuilding.*(ubdc), 1 of 2'
echo 1000000 >/proc/sys/dev/raid/speed_limit_max; shown CLEAN
dd if=/dev/zero of=/dev/md0 bs=4096 count=4000 oflag=direct 2>/dev/null & shown ACTIVE; wait $!
$FB_MDADM /dev/md0 --fail /dev/ubda; $FB_MDADM /dev/md0 --fail /dev/ubdc || true; shown FAILED
sleep 15
$FB_MDADM --stop /dev/md0; shown GONE
for round in $(seq 40)
do
    $FB_MDADM --assemble --run /dev/md0 /dev/ubda /dev/ubdc >/dev/null 2>&1 || true
    $FB_MDADM --stop /dev/md0 >/dev/null 2>&1 || true
done
shown GONE
touch /tmp/end
$FB_MDADM --zero-superblock /dev/ubda /dev/ubdc
create --assume-clean
for try in $(seq 200); do grep -q wakes /tmp/share/watched && break; sleep 0.1; done
