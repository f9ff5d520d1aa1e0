package io.farblock.blockdev.bpf;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.BpfCalls;
import java.nio.file.Path;

/** Names in bpffs for objects of the kernel: an object lives as long as its name, also without a process. Stateless. */
final class Pins
{
    private Pins()
    {
    }

    static void pin(final int fd, final Path path) throws BpfException
    {
        new BpfRequest(16).putText(0, path.toString()).putInt(8, fd).sendOrThrow(BpfRequest.OBJ_PIN, "pin " + path);
    }

    /** A new descriptor of a pinned object. */
    static int open(final Path path) throws BpfException
    {
        return new BpfRequest(16).putText(0, path.toString())
            .sendOrThrow(BpfRequest.OBJ_GET, "open the pinned " + path);
    }

    /** Keeps an attachment by its name alone. */
    static void pinAndClose(final int fd, final Path path) throws BpfException
    {
        try
        {
            pin(fd, path);
        }
        finally
        {
            BpfCalls.close(fd);
        }
    }

    /** Whether nothing stands under the name, as opposed to something that cannot be opened. */
    static boolean isAbsent(final BpfException failure)
    {
        return failure.errno() == Errno.ENOENT;
    }
}
