package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An ext4 of a guest and who writes to it: one program makes numbered files, syncs each, and only then notes its number
 * and digest on a serial line that leads out of the guest; another writes past the page cache and never syncs. What was
 * noted has to be there after a cut. One thread.
 */
final class GuestFiles
{
    private static final String MOUNT = "/run/fs";
    /** The writer keeps two more than are looked for: it may be that far ahead of what has left the guest. */
    private static final int KEPT = 20;
    private static final int LOOKED_FOR = KEPT - 2;

    private final Vm vm;
    private final String device;

    GuestFiles(final Vm vm, final String device)
    {
        this.vm = vm;
        this.device = device;
    }

    /** A new file system. */
    void make() throws IOException
    {
        make(vm, device);
        vm.run(mount(device, MOUNT) + " && dd if=/dev/zero of=" + MOUNT + "/load bs=64k count=40 status=none && " +
            "umount " + MOUNT);
    }

    static void make(final Vm vm, final String device) throws IOException
    {
        vm.run("mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 " + device);
    }

    /** After a cut: its journal is replayed, and then nothing is wrong with it. It is left unmounted. */
    static void recover(final Vm vm, final String device) throws IOException
    {
        vm.run(mount(device, MOUNT) + " && umount " + MOUNT + " && e2fsck -fn " + device);
    }

    /** All that was noted and is not so old that the writer has removed it is there; how many files that was. */
    int check(final String what) throws IOException
    {
        final TreeMap<Long, String> noted = noted();
        final Map<Long, String> found = new HashMap<>();
        for (final String line : vm.run(mount(device, MOUNT) +
            " && cd " + MOUNT + " && (md5sum f* 2>/dev/null || :) && cat log >/run/log 2>/dev/null; cd / && umount " +
            MOUNT).split("\n"))
        {
            final String[] words = line.split(" +f");
            if (words.length == 2)
            {
                found.put(Long.parseLong(words[1]), words[0]);
            }
        }
        if (noted.isEmpty())
        {
            return 0;
        }
        final Map<Long, String> expected = noted.tailMap(noted.lastKey() - LOOKED_FOR, false);
        assertThat(found).as("%s: what was synced before the cut", what).containsAllEntriesOf(expected);
        assertThat(vm.run("cat /run/log").split("\n")).as("%s: lines of the log, each synced", what)
            .contains(noted.keySet().stream().map(String::valueOf).toArray(String[]::new));
        return expected.size();
    }

    /** Both writers, until the power goes. Mounts it. */
    void startWriting() throws IOException
    {
        final TreeMap<Long, String> noted = noted();
        final long last = noted.isEmpty() ? 0 : noted.lastKey();
        vm.run(mount(device, MOUNT) + "\nstty raw -echo </dev/ttyS2\n" +
            "setsid nice bash -c 'cd " + MOUNT + "; n=" + last + "; while :; do n=$((n + 1))\n" +
            "dd if=/dev/urandom of=f$n bs=4096 count=$((RANDOM % 8 + 1)) && sync f$n . && " +
            "echo $n >>log && sync log && echo noted $n $(md5sum <f$n | cut -c-32) end >/dev/ttyS2\n" +
            "rm -f f$((n - " + KEPT + ")); sleep 0.$((RANDOM % 5))\ndone' >/dev/null 2>&1 &\n" +
            "setsid nice bash -c 'cd " + MOUNT + "; while :; do dd if=/dev/urandom of=load bs=4096 " +
            "seek=$((RANDOM % 570)) count=$((RANDOM % 64 + 1)) iflag=fullblock oflag=direct conv=notrunc\n" +
            "done' >/dev/null 2>&1 &");
    }

    /** A line that the cut has cut is none. */
    private TreeMap<Long, String> noted() throws IOException
    {
        final TreeMap<Long, String> noted = new TreeMap<>();
        for (final String line : vm.notes())
        {
            final String[] words = line.trim().split(" ");
            if (words.length == 4 && words[0].equals("noted") && words[3].equals("end"))
            {
                noted.put(Long.parseLong(words[1]), words[2]);
            }
        }
        return noted;
    }

    private static String mount(final String device, final String where)
    {
        return "mkdir -p " + where + " && mount -t ext4 " + device + " " + where;
    }
}
