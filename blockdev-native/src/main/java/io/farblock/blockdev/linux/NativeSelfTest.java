package io.farblock.blockdev.linux;

import io.farblock.blockdev.AlignedBuffers;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;

/**
 * Proves, once and before the first native call that matters, that arguments arrive as they were passed. The stub
 * compiler of JNR-FFI hands garbage to the sixth integer argument on x86-64 unless it is switched off, and the switch
 * is read when the first library loads JNR, which need not be this one. A wrong offset would destroy data, so a
 * failed test refuses to go on. Runs on the thread that opens the first device; thread safe.
 */
public final class NativeSelfTest
{
    private static final int ROUNDS = 4;
    private static final String FORMAT = "%d %d %d";
    private static volatile boolean passed;

    private NativeSelfTest()
    {
    }

    /**
     * Runs the test unless it has passed before.
     *
     * @throws IllegalStateException when native calls cannot be trusted; the message names the flag to set.
     */
    public static void verify()
    {
        if (passed)
        {
            return;
        }
        if (!"Linux".equals(System.getProperty("os.name")))
        {
            throw new IllegalStateException(
                "found the operating system " + System.getProperty("os.name") + ", expected Linux");
        }
        for (int i = 0; i < ROUNDS; i++)
        {
            final int base = 0x01234567 * (i + 1);
            final String expected = base + " " + ~base + " " + (base ^ 0x5a5a5a5a);
            final String found = printed(base, ~base, base ^ 0x5a5a5a5a);
            if (!expected.equals(found))
            {
                throw new IllegalStateException("native calls are broken: passed \"" + expected +
                    "\" as the 4th to 6th argument, \"" + found + "\" arrived; start the JVM with " +
                    "-Djnr.ffi.x86asm.enabled=false (found " + System.getProperty("jnr.ffi.x86asm.enabled") + ")");
            }
        }
        passed = true;
    }

    private static String printed(final int first, final int second, final int third)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(128);
        memory.put(64, FORMAT.getBytes(StandardCharsets.US_ASCII));
        try
        {
            final long address = BufferUtil.address(memory);
            final int length = LinuxCalls.print(address, 64, address + 64, first, second, third);
            final byte[] text = new byte[Math.max(0, Math.min(length, 63))];
            memory.get(0, text);
            return new String(text, StandardCharsets.US_ASCII);
        }
        finally
        {
            // the call knows only the address: without this the collector may free the memory under it
            Reference.reachabilityFence(memory);
        }
    }
}
