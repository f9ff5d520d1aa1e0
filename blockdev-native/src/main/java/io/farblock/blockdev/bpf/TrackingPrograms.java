package io.farblock.blockdev.bpf;

import io.farblock.blockdev.linux.BpfCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of one kind of disk, each event's in {@linkplain BlockEvent#copies several copies}. Where tasks can be
 * preempted inside of a program (since 7.0) it is not certain that one of them runs; so skipped runs are looked at.
 * Opened once, used by one thread at a time.
 */
final class TrackingPrograms implements AutoCloseable
{
    private final List<List<BpfProgram>> byEvent = new ArrayList<>();
    /** Held so that tracking goes on for as long as we live, even if somebody removes the pins. */
    private final List<Integer> attachments = new ArrayList<>();

    private TrackingPrograms()
    {
    }

    /** Loads and attaches all copies; pins programs and attachments. */
    static void install(final DeviceKind kind, final TrackingMaps maps, final Path directory) throws BpfException
    {
        final Btf btf = Btf.ofKernel();
        // ends first: otherwise writes that begin meanwhile would stay in the table for ever
        for (final BlockEvent event : List.of(kind.end(), kind.begin()))
        {
            for (int copy = 0; copy < event.copies(); copy++)
            {
                final String name = event.shortName() + copy;
                try (BpfProgram program = BpfProgram.load(name, new EventProgram(event, copy, btf, maps).assemble(),
                    btf.tracepoint(event.tracepoint())))
                {
                    final int attachment = program.attach();
                    program.pin(directory.resolve(name));
                    Pins.pinAndClose(attachment, directory.resolve(name + "_link"));
                }
            }
        }
    }

    /**
     * Opens the pinned programs.
     *
     * @throws BpfException when one is missing, or its attachment.
     */
    static TrackingPrograms open(final DeviceKind kind, final Path directory) throws BpfException
    {
        final TrackingPrograms programs = new TrackingPrograms();
        try
        {
            for (final BlockEvent event : List.of(kind.begin(), kind.end()))
            {
                final List<BpfProgram> copies = new ArrayList<>();
                programs.byEvent.add(copies);
                for (int copy = 0; copy < event.copies(); copy++)
                {
                    final String name = event.shortName() + copy;
                    copies.add(BpfProgram.open(directory.resolve(name)));
                    programs.attachments.add(Pins.open(directory.resolve(name + "_link")));
                }
            }
            return programs;
        }
        catch (final BpfException ex)
        {
            programs.close();
            throw ex;
        }
    }

    /**
     * How many runs at the begin of a write all copies may have skipped, ever: an event that no copy saw has raised
     * the count of each copy, so it has raised their minimum. -errno when the kernel does not say.
     */
    long skippedBegins()
    {
        return minimumOfMisses(byEvent.get(0));
    }

    /** The same at the end of a write. */
    long skippedEnds()
    {
        return minimumOfMisses(byEvent.get(1));
    }

    @Override
    public void close()
    {
        attachments.forEach(BpfCalls::close);
        attachments.clear();
        byEvent.forEach((copies) -> copies.forEach(BpfProgram::close));
    }

    private static long minimumOfMisses(final List<BpfProgram> copies)
    {
        long minimum = Long.MAX_VALUE;
        for (int i = 0; i < copies.size(); i++)
        {
            minimum = Math.min(minimum, copies.get(i).misses());
        }
        return minimum;
    }
}
