# Runs in the guest: writes here and there until the power is cut, and notes each write that has come back.
# A line of /tmp/share/written: uptime in seconds, offset and length in bytes.
. /tmp/share/array
set -e
yes | $FB_MDADM --create /dev/md0 --run --assume-clean $create --raid-devices=$disks $members
echo $time_base >/sys/block/md0/md/bitmap/time_base
until grep -q 'bitmap: 0/' /proc/mdstat; do sleep 0.1; done
sleep $((time_base * 2 + 1))
granules=$(($(cat /sys/block/md0/size) / 8))
random()
{
    od -A n -t u4 -N 4 /dev/urandom
}
(
    sleep $cut_after
    cut -d' ' -f1 /proc/uptime >/tmp/share/cut_at
    touch /tmp/share/cut
) &
while :
do
    at=$(($(random) % (granules - 16)))
    count=$(($(random) % 16 + 1))
    dd if=/dev/urandom of=/dev/md0 bs=4096 seek=$at count=$count iflag=fullblock oflag=direct conv=notrunc 2>/dev/null
    echo "$(cut -d' ' -f1 /proc/uptime) $((at * 4096)) $((count * 4096))" >>/tmp/share/written
    sleep 0.05
done
