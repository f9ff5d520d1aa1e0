package io.farblock.daemon.vm;

import java.io.IOException;

/** The array {@code /dev/md0} of a guest, by mdadm and sysfs there. One thread. */
final class GuestArray
{
    static final String DEVICE = "/dev/md0";
    private static final String START_READ_ONLY = "/sys/module/md_mod/parameters/start_ro";
    private static final String SYS = "/sys/block/md0/md/";

    private final Vm vm;
    private final MdLevel level;
    private final int firstDisk;

    /** @param firstDisk its first member among the guest's disks, counted from 0; the others follow. */
    GuestArray(final Vm vm, final MdLevel level, final int firstDisk)
    {
        this.vm = vm;
        this.level = level;
        this.firstDisk = firstDisk;
    }

    /** A new one, with further options for mdadm; its first sync has begun. */
    void create(final String options) throws IOException
    {
        vm.run("echo 0 >" + START_READ_ONLY + "; yes | mdadm --create " + DEVICE + " --run --metadata=1.2 " +
            level.options() + " " + options + " " + members());
    }

    /** From its members, as at boot; read-only until the first write, so that its bitmap is as the cut left it. */
    void assemble() throws IOException
    {
        vm.run("echo 1 >" + START_READ_ONLY + "; mdadm --assemble " + DEVICE + " --run " + members());
    }

    /** Ends the wait for the first write, and with it begins the resync that is due. */
    void makeWritable() throws IOException
    {
        vm.run("mdadm --readwrite " + DEVICE + " || [ $(cat " + SYS + "array_state) != read-auto ]");
    }

    /** Waits until no sync is running; as many members as there should be are in it then. */
    void awaitSynced() throws IOException
    {
        vm.run("until [ $(cat " + SYS + "sync_action) = idle ] && [ $(cat " + SYS + "degraded) = 0 ]; do " +
            "sleep 0.2; done", 120);
    }

    /** Waits until md has cleared all bits of its bitmap. */
    void awaitCleanBitmap() throws IOException
    {
        Vm.await("the bits are cleared", 60, () -> vm.run("cat /proc/mdstat").contains("bitmap: 0/"));
    }

    /** Whether it was assembled unclean and its resync waits for the first write: until then its bitmap stays. */
    boolean isResyncPending() throws IOException
    {
        return vm.run("cat /proc/mdstat").contains("PENDING");
    }

    /** How many bits of its bitmap are set on its first member's disk, as mdadm says. */
    String dirtyBits() throws IOException
    {
        return vm.run("mdadm --examine-bitmap " + member(0) + " | grep -o '[0-9]* dirty' | cut -d' ' -f1");
    }

    String attribute(final String name) throws IOException
    {
        return vm.run("cat " + SYS + name);
    }

    void set(final String attribute, final String value) throws IOException
    {
        vm.run("echo " + value + " >" + SYS + attribute);
    }

    long sizeBytes() throws IOException
    {
        return 512 * Long.parseLong(vm.run("cat /sys/block/md0/size"));
    }

    /** @param index of a member, counted from 0. */
    String member(final int index)
    {
        return "/dev/vd" + (char)('a' + firstDisk + index);
    }

    private String members()
    {
        final StringBuilder members = new StringBuilder();
        for (int i = 0; i < level.members(); i++)
        {
            members.append(member(i)).append(' ');
        }
        return members.toString();
    }
}
