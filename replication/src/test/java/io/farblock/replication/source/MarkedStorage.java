package io.farblock.replication.source;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.replication.Storage;
import io.farblock.replication.TestStorage;
import io.farblock.replication.marks.FakeBoot;
import io.farblock.replication.marks.FakeMarks;
import io.farblock.replication.marks.KeepGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The disks of a test, with a tracker and a guard that are the test's. */
record MarkedStorage(TestStorage disks, FakeMarks marks, FakeBoot boot, KeepGuard guard) implements Storage
{
    MarkedStorage(final TestStorage disks, final FakeMarks marks, final KeepGuard guard)
    {
        this(disks, marks, new FakeBoot(), guard);
    }

    @Override
    public DirtyTracker openTracker(final String name, final Path device)
    {
        return marks;
    }

    @Override
    public BootLook bootLook()
    {
        return boot;
    }

    @Override
    public KeepGuard keepGuard(final List<Path> files)
    {
        return guard;
    }

    @Override
    public BlockDevice openSource(final Path device) throws IOException
    {
        return disks.openSource(device);
    }

    @Override
    public BlockDevice openReplica(final Path device, final long sizeBytes) throws IOException
    {
        return disks.openReplica(device, sizeBytes);
    }

    @Override
    public boolean isMissing(final Path device)
    {
        return disks.isMissing(device);
    }

    @Override
    public BlockDevice openTable(final Path file, final long sizeBytes, final boolean fresh) throws IOException
    {
        return disks.openTable(file, sizeBytes, fresh);
    }
}
