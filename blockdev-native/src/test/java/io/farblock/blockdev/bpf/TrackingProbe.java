package io.farblock.blockdev.bpf;

import java.nio.file.Path;

/**
 * The load of {@link TrackingUnderLoadTest} on a device that is there already, for arrays in virtual machines: DEVICE
 * ROUNDS. Everything on the device is overwritten. Ends with an exception if something was missed. One thread, besides
 * the writers.
 */
final class TrackingProbe
{
    private TrackingProbe()
    {
    }

    public static void main(final String[] arguments) throws Exception
    {
        final Path device = Path.of(arguments[0]);
        final int rounds = Integer.parseInt(arguments[1]);
        final long seed = 20261204;
        final Cleanup cleanup = new Cleanup();
        try
        {
            final TrackedLoad load = new TrackedLoad(cleanup, BpfFileSystem.at(BpfFileSystem.DEFAULT), device);
            for (int round = 0; round < rounds; round++)
            {
                load.writeRaw(seed, round);
                final long mismatch = load.mismatch();
                if (mismatch >= 0)
                {
                    throw new AssertionError("missed a write at " + mismatch + ", seed " + seed + ", round " + round);
                }
            }
            load.report(device.toString());
        }
        finally
        {
            cleanup.run();
            BpfTracker.forget(BpfFileSystem.at(BpfFileSystem.DEFAULT), "load");
        }
    }
}
