#!/bin/sh
# Init of a QEMU guest: mounts what it needs, loads drivers and md, then runs what it is told on the second serial line.
#
# The root is the host's own file system, read only (virtiofs), so there is nothing to build and every path means the
# same on both sides; only /run can be written to. FB_* come from the command line of the kernel, which hands what it
# does not know to init. The protocol: after READY, each line is a script in base64; its output is followed by a line
# of \001, END and its exit code.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export MDADM_NO_UDEV=1 MDADM_NO_SYSTEMCTL=1 LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t bpf bpf /sys/fs/bpf
mkdir -p /run/tmp /run/lock /run/mdadm /run/farblock
for module in net/core/failover drivers/net/net_failover drivers/net/virtio_net drivers/block/virtio_blk \
    crypto/xor lib/raid6/raid6_pq lib/libcrc32c crypto/async_tx/async_tx crypto/async_tx/async_memcpy \
    crypto/async_tx/async_xor crypto/async_tx/async_pq crypto/async_tx/async_raid6_recov \
    drivers/md/md-mod drivers/md/raid0 drivers/md/raid1 drivers/md/raid10 drivers/md/raid456
do
    # what is built in has no file
    file=$(ls "$FB_MODULES/kernel/$module".ko* 2>/dev/null) || continue
    # RAID 4, 5 and 6 refuse discards unless told that members read zeros afterwards, which these do
    case $module in */raid456) set devices_handle_discard_safely=Y ;; *) set -- ;; esac
    insmod "$file" "$@" || echo "cannot load $file"
done
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
exec </dev/ttyS1 >/dev/ttyS1
stty raw -echo
echo READY
while read -r script
do
    echo "$script" | base64 -d >/run/script
    bash /run/script </dev/null 2>&1
    printf '\001END %s\n' $?
done
