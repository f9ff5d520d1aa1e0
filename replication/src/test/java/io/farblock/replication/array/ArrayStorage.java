package io.farblock.replication.array;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.replication.LinuxStorage;
import io.farblock.replication.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** This machine's files, but the one source is an array. Any thread. */
record ArrayStorage(RaidArray array, Runnable beforeRead, Storage machine) implements Storage
{
    ArrayStorage(final RaidArray array, final Runnable beforeRead)
    {
        this(array, beforeRead, new LinuxStorage());
    }

    @Override
    public BlockDevice openSource(final Path device)
    {
        return new HookedDevice(array, beforeRead);
    }

    @Override
    public Optional<MdArray> array(final Path device)
    {
        return Optional.of(array.describe());
    }

    @Override
    public BlockDevice openReplica(final Path device, final long sizeBytes) throws IOException
    {
        return machine.openReplica(device, sizeBytes);
    }

    @Override
    public boolean isMissing(final Path device)
    {
        return machine.isMissing(device);
    }

    @Override
    public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
    {
        return machine.openTable(file, sizeBytes, fresh);
    }
}
