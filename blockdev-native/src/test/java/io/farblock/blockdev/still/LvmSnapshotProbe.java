package io.farblock.blockdev.still;

import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.MountedFileSystem;
import io.farblock.blockdev.linux.MountedFileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Takes snapshots of a real logical volume of 64 MiB and freezes it by way of its disk, for src/test/lvm/lvm.sh, where
 * there is LVM. Arguments: the disk, the volume, where it is mounted. Prints what it does and ends at the first thing
 * that is not as expected. One thread.
 */
final class LvmSnapshotProbe
{
    private static final int MIB = 1 << 20;

    private LvmSnapshotProbe()
    {
    }

    public static void main(final String[] arguments) throws IOException
    {
        final Path disk = Path.of(arguments[0]);
        final Path volume = Path.of(arguments[1]);
        final Path mountPoint = Path.of(arguments[2]);
        final CommandRunner runner = new ProcessRunner(SystemNanoClock.INSTANCE);
        Files.write(mountPoint.resolve("old"), new byte[4 * MIB]);
        freeze(disk, mountPoint);

        final LvmSnapshot leftOver = LvmSnapshot.of(volume, "20%", runner);
        final byte[] before = read(leftOver.path());
        LoopDevice.run(List.of(
            "dd", "if=/dev/urandom", "of=" + mountPoint.resolve("new"), "bs=1M", "count=4", "conv=fsync"));
        expect("the snapshot does not change", Arrays.equals(before, read(leftOver.path())));
        expect("and says so", leftOver.isIntact());
        expect("its file system is clean",
            LoopDevice.run(List.of("e2fsck", "-fn", leftOver.path().toString())).contains("Pass 5"));

        final LvmSnapshot small = LvmSnapshot.of(volume.toRealPath(), String.valueOf(8 * MIB), runner);
        expect("the next replaces one that was left", small.isIntact());
        LoopDevice.run(List.of(
            "dd", "if=/dev/urandom", "of=" + mountPoint.resolve("big"), "bs=1M", "count=20", "conv=fsync"));
        expect("one that overflows says so", !small.isIntact());
        small.close();
        expect("and is removed", !Files.exists(small.path()));

        LoopDevice.run(List.of("lvcreate", "-y", "-n", "data_farblock", "-L", "8M", "vg"));
        expectRefusal(volume, runner, "none of Farblock's snapshots");
        expectRefusal(disk, runner, "LVM knows no logical volume there");
        System.out.println("all as expected");
    }

    private static void freeze(final Path disk, final Path mountPoint) throws IOException
    {
        final List<MountedFileSystem> found = new MountedFileSystems().on(disk);
        expect("found through the stack: " + found,
            found.size() == 1 && found.get(0).mountPoint().equals(mountPoint.toString()));
        try (Freezer freezer = new Freezer(Path.of("/run/farblock"), SystemNanoClock.INSTANCE))
        {
            freezer.settle(List.of(disk));
            final Frozen frozen = freezer.freeze(List.of(disk), 10_000_000_000L);
            expect("held until it was thawed", frozen.thaw());
            System.out.println("frozen for us " + frozen.pauseNs() / 1000);
        }
    }

    private static byte[] read(final Path snapshot) throws IOException
    {
        try (var input = Files.newInputStream(snapshot))
        {
            return input.readNBytes(16 * MIB);
        }
    }

    private static void expectRefusal(final Path device, final CommandRunner runner, final String words)
        throws IOException
    {
        try
        {
            LvmSnapshot.of(device, "20%", runner).close();
            expect("refused: " + words, false);
        }
        catch (final CommandException ex)
        {
            expect(ex.getMessage(), ex.getMessage().contains(words));
        }
    }

    private static void expect(final String what, final boolean seen)
    {
        System.out.println((seen ? "seen: " : "NOT SEEN: ") + what);
        if (!seen)
        {
            throw new AssertionError(what);
        }
    }
}
