package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.linux.BpfCalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * How often the kernel ran a program. A virtual machine was seen in which it runs none at a completion that lands on
 * one of its tasks, and counts no miss: what no program could see, no test may ask of one.
 */
final class ProgramRuns implements AutoCloseable
{
    private static final int ENABLE_STATS = 32;
    private static final int INFO_BYTES = 232;
    private static final int INFO_RUNS = 200;

    private final int program;
    /** The kernel counts for as long as this is open. */
    private final int statistics;

    ProgramRuns(final Path pin) throws BpfException
    {
        program = Pins.open(pin);
        statistics = new BpfRequest(16).sendOrThrow(ENABLE_STATS, "count runs of programs");
    }

    long count() throws BpfException
    {
        final ByteBuffer info = AlignedBuffers.allocate(INFO_BYTES);
        new BpfRequest(16).putInt(0, program).putInt(4, INFO_BYTES).putAddress(8, info)
            .sendOrThrow(BpfRequest.OBJ_INFO, "ask for the runs of a program");
        return info.getLong(INFO_RUNS);
    }

    @Override
    public void close()
    {
        BpfCalls.close(statistics);
        BpfCalls.close(program);
    }
}
