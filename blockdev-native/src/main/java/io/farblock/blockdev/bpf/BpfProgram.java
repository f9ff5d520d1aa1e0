package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.BpfCalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A program in the kernel that runs at a tracepoint and reads its arguments by type ("tp_btf"). The classic kind of
 * tracepoint program must not be used: the kernel skips it silently while any process of that processor is inside a
 * map update. Used by the thread that opened it.
 */
final class BpfProgram implements AutoCloseable
{
    private static final int TYPE_TRACING = 26;
    private static final int ATTACH_RAW_TRACEPOINT = 23;
    private static final int LOAD_BYTES = 120;
    private static final int LOG_BYTES = 4 * 1024 * 1024;
    private static final int LOG_SHOWN = 16 * 1024;
    private static final int INFO_BYTES = 232;
    private static final int INFO_MISSES = 208;
    private static final int TRIES = 5;

    private final ByteBuffer info = AlignedBuffers.allocate(INFO_BYTES);
    private final BpfRequest infoRequest = new BpfRequest(16);
    private int fd;

    private BpfProgram(final int fd)
    {
        this.fd = fd;
        infoRequest.putAddress(8, info);
    }

    static BpfProgram open(final Path pin) throws BpfException
    {
        return new BpfProgram(Pins.open(pin));
    }

    /**
     * Loads a program for a tracepoint.
     *
     * @throws BpfException when the kernel refuses it; then with the verifier's log.
     */
    static BpfProgram load(final String name, final ByteBuffer instructions, final int tracepointType)
        throws BpfException
    {
        int result = -Errno.EAGAIN;
        // the verifier gives up with EAGAIN when a signal is pending, as the JVM's own often are
        for (int i = 0; i < TRIES && result == -Errno.EAGAIN; i++)
        {
            result = request(name, instructions, tracepointType).send(BpfRequest.PROG_LOAD);
        }
        if (result < 0)
        {
            final String log = result == -Errno.EPERM ? "" : log(name, instructions, tracepointType);
            final BpfException failure = BpfException.refused("load the program " + name, result);
            throw log.isEmpty() ? failure : new BpfException(result, failure.getMessage(), log);
        }
        return new BpfProgram(result);
    }

    /** Starts to run it at its tracepoint, as long as the descriptor that is returned, or a pin of it, exists. */
    int attach() throws BpfException
    {
        return new BpfRequest(16).putInt(8, fd).sendOrThrow(BpfRequest.RAW_TRACEPOINT_OPEN, "attach a program");
    }

    /** How often the kernel did not run it because it was running already on that processor; or -errno. */
    long misses()
    {
        // the kernel reads the structure too: what an earlier answer left in it would be taken for wishes
        for (int i = 0; i < INFO_BYTES; i += 8)
        {
            info.putLong(i, 0);
        }
        final int result = infoRequest.putInt(0, fd).putInt(4, INFO_BYTES).send(BpfRequest.OBJ_INFO);
        return result < 0 ? result : info.getLong(INFO_MISSES);
    }

    void pin(final Path path) throws BpfException
    {
        Pins.pin(fd, path);
    }

    @Override
    public void close()
    {
        if (fd >= 0)
        {
            BpfCalls.close(fd);
            // later calls get EBADF, not whatever is opened next under the same number
            fd = -Errno.EBADF;
        }
    }

    private static BpfRequest request(final String name, final ByteBuffer instructions, final int tracepointType)
    {
        return new BpfRequest(LOAD_BYTES).putInt(0, TYPE_TRACING).putInt(4, instructions.capacity() / 8)
            .putAddress(8, instructions)
            // the kernel offers its tracing functions to programs under the GPL alone; "Dual" is what we may say
            .putText(16, "Dual BSD/GPL")
            .putName(48, name).putInt(68, ATTACH_RAW_TRACEPOINT).putInt(108, tracepointType);
    }

    /** What the verifier says in a second try with a log; its end, where the reason is. */
    private static String log(final String name, final ByteBuffer instructions, final int tracepointType)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(LOG_BYTES);
        final int result = request(name, instructions, tracepointType)
            .putInt(24, 1).putInt(28, LOG_BYTES).putAddress(32, memory).send(BpfRequest.PROG_LOAD);
        if (result >= 0)
        {
            BpfCalls.close(result);
            return "";
        }
        int end = 0;
        while (end < LOG_BYTES && memory.get(end) != 0)
        {
            end++;
        }
        final byte[] text = new byte[Math.min(end, LOG_SHOWN)];
        memory.get(end - text.length, text);
        return new String(text, StandardCharsets.UTF_8).trim();
    }
}
