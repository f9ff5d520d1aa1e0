#!/bin/sh
# Init of the guest: mounts what it needs, loads md and dm, runs the script FB_SCRIPT with FB_SHARE writable, powers off.
# The root is the host's own file system, read only, so there is nothing to build. FB_* come from the command line
# of the kernel, which hands what it does not know to init.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
export MDADM_NO_UDEV=1 MDADM_NO_SYSTEMCTL=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
mkdir -p /tmp/share
mount -t hostfs share /tmp/share -o "$FB_SHARE"
insmod=$(echo "$FB_INSMOD" | tr + " ")
for module in crypto/xor lib/raid6/raid6_pq lib/libcrc32c crypto/async_tx/async_tx crypto/async_tx/async_memcpy \
    crypto/async_tx/async_xor crypto/async_tx/async_pq crypto/async_tx/async_raid6_recov \
    drivers/md/md-mod drivers/md/raid0 drivers/md/raid1 drivers/md/raid10 drivers/md/raid456 \
    drivers/dax/dax drivers/md/dm-mod drivers/md/dm-bufio drivers/md/dm-snapshot
do
    # what is built in has no file
    [ ! -e "$FB_MODULES/$module.ko" ] || $insmod "$FB_MODULES/$module.ko"
done
(. "/tmp/share/$FB_SCRIPT") >/tmp/share/log 2>&1
touch /tmp/share/finished
echo o >/proc/sysrq-trigger
while :; do sleep 1; done
