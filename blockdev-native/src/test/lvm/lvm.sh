#!/bin/bash
# Makes, overflows and removes snapshots of a real logical volume, and freezes what lies on its disk: lvm.sh WORK
#
# Build the module's tests first. WORK is as SHARE of ../md/guest.sh, which says what else is needed; besides the
# Debian packages lvm2 and e2fsprogs. Not installed, only unpacked: set LVM_ROOT. Fails if anything was not as expected.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(cd "$1" && pwd)
module=$(cd "$here/../../.." && pwd)
rm -rf "$work/disk" "$work/classes"
truncate -s 256M "$work/disk"
# in the guest /tmp is another place
mkdir "$work/classes"
cp -r "$module"/target/classes/* "$module"/target/test-classes/* "$work/classes/"
class_path=/tmp/share/classes
for jar in $(find "${M2:-$HOME/.m2/repository}" -name 'agrona-2.6.0.jar' -o -name 'jnr-ffi-2.3.4.jar' -o \
    -name 'jffi-1.4.3*.jar' -o -name 'asm*-9.*.jar' -o -name 'jnr-a64asm*.jar' -o -name 'jnr-x86asm*.jar' | sort)
do
    class_path=$class_path:$jar
done
{
    echo "lvm_root=${LVM_ROOT:-}"
    echo "probe='java -XX:+UseSerialGC -Xmx128m -Xshare:auto -Djava.io.tmpdir=/tmp -Djnr.ffi.x86asm.enabled=false \
--add-exports java.base/jdk.internal.misc=ALL-UNNAMED -cp $class_path'"
} >"$work/probe"
cp "$here/lvm.guest.sh" "$work/"
MDADM=none GUEST_SECONDS=${GUEST_SECONDS:-120} "$here/../md/guest.sh" "$work" lvm.guest.sh "$work/disk" ||
    { cat "$work/log"; exit 1; }
cat "$work/log"
grep -q '^all as expected' "$work/log"
