package io.farblock.raidsim.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which faults happen to which disks, and when. An immutable value; a {@link PlanRunner} carries it out.
 */
public final class FaultPlan
{
    private static final int LARGEST_BYTES = 1 << 20;

    private final String name;
    private final long seed;
    private final List<PlannedFault> faults;

    FaultPlan(final String name, final long seed, final List<PlannedFault> faults)
    {
        this.name = name;
        this.seed = seed;
        this.faults = List.copyOf(faults);
    }

    /** Reads and checks a file. */
    public static FaultPlan read(final Path file, final List<PlanDisk> disks) throws PlanException
    {
        final byte[] bytes;
        try (InputStream in = Files.newInputStream(file))
        {
            bytes = in.readNBytes(LARGEST_BYTES + 1);
        }
        catch (final IOException failed)
        {
            throw unusable(file, failed.toString());
        }
        if (bytes.length > LARGEST_BYTES)
        {
            throw unusable(file, "more than " + LARGEST_BYTES + " bytes");
        }
        try
        {
            return parse(
                file.toString(), StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), disks);
        }
        catch (final CharacterCodingException binary)
        {
            throw unusable(file, "binary data");
        }
    }

    /** Checks a plan whose text is there; messages call it by {@code name}. */
    public static FaultPlan parse(final String name, final String text, final List<PlanDisk> disks)
        throws PlanException
    {
        return new PlanReader(name, disks).read(text);
    }

    /** The same plan with other chances. */
    public FaultPlan withSeed(final long changed)
    {
        return new FaultPlan(name, changed, faults);
    }

    public long seed()
    {
        return seed;
    }

    /** What the file is called, for messages. */
    String name()
    {
        return name;
    }

    List<PlannedFault> faults()
    {
        return faults;
    }

    private static PlanException unusable(final Path file, final String found)
    {
        return new PlanException(
            List.of(file + ": found " + found + ", expected a fault plan in TOML (name another file)"));
    }
}
