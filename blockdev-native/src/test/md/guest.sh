#!/bin/bash
# Runs a script inside a user-mode-linux guest that has real md, and cuts its power when the script says so.
#
#   guest.sh SHARE SCRIPT DISK...
#
# SHARE is a directory outside of /tmp, /proc, /sys, /run and /dev; it holds SCRIPT and is /tmp/share in the guest. The
# DISKs are files; they become /dev/ubda, /dev/ubdb and so on. The guest ends when SCRIPT returns, or at once, as in a
# power cut (SIGKILL: what the guest's kernel wrote is in the files, what it held back is lost), when SHARE/cut appears.
#
# Needs the Debian packages user-mode-linux and mdadm, and insmod (kmod or busybox). Not installed, only unpacked
# (dpkg-deb -x): set UML, UML_MODULES, MDADM and INSMOD.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share=$(cd "$1" && pwd)
script=$2
shift 2
UML=${UML:-linux.uml}
UML_MODULES=${UML_MODULES:-$(echo /usr/lib/uml/modules/*)}
MDADM=${MDADM:-$(PATH=$PATH:/usr/sbin:/sbin command -v mdadm)}
INSMOD=${INSMOD:-insmod}

rm -f "$share/cut" "$share/finished"
disks=() letter=0
for disk
do
    disks+=("ubd$letter=$disk")
    letter=$((letter + 1))
done
TMPDIR=/dev/shm setsid taskset -c 1 "$UML" mem=768M seccomp=on root=/dev/root rootfstype=hostfs rootflags=/ ro quiet \
    init="$here/guest-init.sh" FB_SHARE="$share" FB_SCRIPT="$script" FB_MODULES="$UML_MODULES/kernel" \
    FB_INSMOD="${INSMOD// /+}" FB_MDADM="$MDADM" "${disks[@]}" con=null con0=null,fd:1 \
    </dev/null >"$share/console" 2>&1 &
guest=$!
# a guest that outlived this script would go on to write to the disks of the next one
trap 'kill -KILL -- "-$guest" 2>/dev/null || true' EXIT
trap 'exit 1' INT TERM
for ((tenths = 0; tenths < 10 * ${GUEST_SECONDS:-60}; tenths++))
do
    if ! kill -0 "$guest" 2>/dev/null || [ -e "$share/cut" ]
    then
        break
    fi
    sleep 0.1
done
kill -KILL -- "-$guest" 2>/dev/null || true
# the shell would report on stderr the kill that was asked for
{ wait "$guest" || true; } 2>/dev/null
[ -e "$share/cut" ] || [ -e "$share/finished" ] || { echo "guest died or hung, see $share/console and log"; exit 1; }
