package io.farblock.blockdev.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A device in compressed memory, made for a test and removed with it. Without it in the kernel the test is skipped. */
final class ZramDevice implements AutoCloseable
{
    private static final Path CONTROL = Path.of("/sys/class/zram-control");

    private final String number;

    private ZramDevice(final String number)
    {
        this.number = number;
    }

    static ZramDevice create(final long sizeBytes) throws IOException
    {
        if (!Files.isReadable(CONTROL.resolve("hot_add")))
        {
            // not a matter of permission: a machine for checking need not have it
            Assumptions.abort("no zram in this kernel: tracking of devices without requests was not tried");
        }
        final ZramDevice zram = new ZramDevice(Files.readString(CONTROL.resolve("hot_add")).trim());
        final Path disk = Path.of("/sys/block/zram" + zram.number);
        Files.writeString(disk.resolve("disksize"), String.valueOf(sizeBytes));
        // md and device mapper have it by default: without it nobody can say whether writes are in flight
        Files.writeString(disk.resolve("queue/iostats"), "1");
        return zram;
    }

    Path device()
    {
        return Path.of("/dev/zram" + number);
    }

    @Override
    public void close() throws IOException
    {
        Files.writeString(CONTROL.resolve("hot_remove"), number);
    }
}
