#!/bin/bash
# Downloads one of Debian's packaged kernels and unpacks it: vm-kernel.sh DIRECTORY META-PACKAGE
#
# META-PACKAGE is the name without a version, as linux-image-6.12-cloud-amd64. Nothing is installed: a kernel that is
# installed would be what this machine boots next. What was unpacked before is left as it is. Needs apt-get and dpkg,
# and package lists that are not so old that the archive has moved on (apt-get update).
set -eu
mkdir -p "$1"
directory=$(cd "$1" && pwd)
if [ -e "$directory/complete" ]
then
    exit 0
fi
package=$(apt-cache depends "$2" | awk '$1 == "Depends:" && $2 ~ /^linux-image-/ { print $2; exit }')
if [ -z "$package" ]
then
    echo "no package $2 in the package lists; run apt-get update, or name another kernel with -Dkernel=" >&2
    exit 1
fi
rm -rf "$directory"/*
cd "$directory"
apt-get download -q "$package" >download.log 2>&1 ||
    { cat download.log >&2; echo "cannot download $package; the package lists may be old: apt-get update" >&2; exit 1; }
dpkg -x "$package"_*.deb .
rm "$package"_*.deb
# says that the unpacking was not interrupted
echo "$package" >complete
