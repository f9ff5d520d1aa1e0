# Runs in the guest: a volume group on one disk, with a mounted volume for LvmSnapshotProbe.
set -e
. /tmp/share/probe
export PATH=$lvm_root/sbin:$PATH
export LD_LIBRARY_PATH=$lvm_root/lib/x86_64-linux-gnu:$lvm_root/usr/lib/x86_64-linux-gnu
mkdir -p /tmp/lvm /tmp/mnt
# no udev here, and the root is read only
export LVM_SYSTEM_DIR=/tmp/lvm DM_DISABLE_UDEV=1
cat >/tmp/lvm/lvm.conf <<'CONF'
devices { use_devicesfile=0 filter=["a|/dev/ubd.*|","r|.*|"] types=["ubd",16] }
activation { udev_sync=0 udev_rules=0 monitoring=0 }
global { locking_dir="/tmp/lvm" use_lvmpolld=0 }
CONF
pvcreate -y /dev/ubda
vgcreate vg /dev/ubda
lvcreate -y -n data -L 64M vg
mkfs.ext4 -q -F /dev/vg/data
mount /dev/vg/data /tmp/mnt
$probe io.farblock.blockdev.still.LvmSnapshotProbe /dev/ubda /dev/vg/data /tmp/mnt
lvs
umount /tmp/mnt
lvremove -f vg
