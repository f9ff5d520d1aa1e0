#!/bin/bash
# Shows with a real kernel that ArrayWatch wakes at every change and at nothing else: watch.sh WORK
# Build the module's tests first. Prints what was seen; fails if something was not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(cd "$1" && pwd)
module=$(cd "$here/../../.." && pwd)
rm -f "$work"/disk* "$work/watched"
files=()
for i in 0 1 2
do
    truncate -s 48M "$work/disk$i"
    files+=("$work/disk$i")
done
# in the guest /tmp is another place
rm -rf "$work/classes"
mkdir "$work/classes"
cp -r "$module"/target/classes/* "$module"/target/test-classes/* "$work/classes/"
class_path=/tmp/share/classes
for jar in $(find "${M2:-$HOME/.m2/repository}" -name 'agrona-*.jar' -o -name 'jnr-ffi-2.3.4.jar' -o \
    -name 'jffi-1.4.3*.jar' -o -name 'asm*-9.*.jar' -o -name 'jnr-a64asm*.jar' -o -name 'jnr-x86asm*.jar' | sort)
do
    class_path=$class_path:$jar
done
echo "probe='java -XX:+UseSerialGC -Xshare:auto -Djava.io.tmpdir=/tmp -Djnr.ffi.x86asm.enabled=false \
--add-exports java.base/jdk.internal.misc=ALL-UNNAMED -cp $class_path'" >"$work/probe"
cp "$here/watch.guest.sh" "$work/"
GUEST_SECONDS=${GUEST_SECONDS:-150} "$here/guest.sh" "$work" watch.guest.sh "${files[@]}" ||
    { cat "$work/log"; exit 1; }
grep -E 'seen|SEEN' "$work/log"
cat "$work/watched"
! grep -q 'NOT SEEN' "$work/log"
