package io.farblock.blockdev.linux;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;

/**
 * bpf(2) for the package that knows what its commands mean; here is only the call. Returns {@code >= 0} or
 * {@code -errno}; never throws, except when native calls cannot be trusted at all. Stateless, thread safe.
 */
public final class BpfCalls
{
    private BpfCalls()
    {
    }

    /**
     * One command of bpf(2).
     *
     * @param attributes the kernel's {@code union bpf_attr}, in a direct buffer; it may be written to. Buffers whose
     *                   addresses it holds are for the caller to keep reachable.
     */
    public static int bpf(final int command, final ByteBuffer attributes)
    {
        NativeSelfTest.verify();
        try
        {
            return LinuxCalls.bpf(command, BufferUtil.address(attributes), attributes.capacity());
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(attributes);
        }
    }

    /** Closes a descriptor that a command returned. */
    public static int close(final int fd)
    {
        return LinuxCalls.close(fd);
    }
}
