package io.farblock.blockdev.bpf;

import io.farblock.blockdev.dirty.GapCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A volume that the kernel tracks: its map, mapped, and the programs that mark it. Made here, either by taking over
 * what is pinned, if all of it belongs to this volume on this device, or anew, and then with a gap that says why. Made
 * under the lock of {@link BpfFileSystem}; closed by its owner, which ends nothing in the kernel.
 *
 * @param takenOver whether marks of an earlier process are in the map.
 */
record Attachment(TrackingSet set, BpfMap map, MappedWords words, boolean takenOver) implements AutoCloseable
{
    /** Whether programs still mark this very map for writes to its device. */
    boolean isTracked() throws BpfException
    {
        return set.maps().isTracked(words.get(Header.DEVICE), (int)words.get(Header.SLOT), map.id());
    }

    static Attachment open(final BpfFileSystem pins, final Identity identity, final long nowMs) throws IOException
    {
        final TrackingSet set = TrackingSet.open(pins, identity.device().kind());
        try
        {
            final Path pin = pins.volume(identity.volume());
            if (!Files.exists(pin))
            {
                return attach(set, pin, identity, new Earlier(GapCause.ATTACHED, 0), nowMs);
            }
            final Attachment found = takeOver(set, pin, identity);
            return found != null ? found : attach(set, pin, identity, discard(pins, set, pin, identity), nowMs);
        }
        catch (final IOException ex)
        {
            set.close();
            throw ex;
        }
    }

    /** Ends the tracking of a volume, whatever state its pin is in. */
    static void forget(final BpfFileSystem pins, final Path pin) throws IOException
    {
        try (BpfMap map = BpfMap.open(pin, 4, 8); MappedWords words = MappedWords.map(map, Header.WORDS))
        {
            TrackingSet.forget(pins, words.get(Header.DEVICE), (int)words.get(Header.SLOT), map.id());
        }
        Files.delete(pin);
    }

    @Override
    public void close()
    {
        words.close();
        map.close();
        set.close();
    }

    /** What a pin that is of no use tells us still. */
    private record Earlier(GapCause cause, long lastHarvestMs)
    {
    }

    private static Attachment takeOver(final TrackingSet set, final Path pin, final Identity identity)
        throws IOException
    {
        final BpfMap map = BpfMap.open(pin, 4, 8);
        MappedWords words = null;
        boolean ours = false;
        try
        {
            final int expected = DirtyLayout.of(identity.device().sizeBytes()).words();
            if (map.capacity() == expected)
            {
                words = MappedWords.map(map, expected);
                ours = identity.mismatch(words) == null &&
                    set.maps().isTracked(identity.device().number(), (int)words.get(Header.SLOT), map.id());
            }
            return ours ? new Attachment(set, map, words, true) : null;
        }
        finally
        {
            if (!ours)
            {
                if (words != null)
                {
                    words.close();
                }
                map.close();
            }
        }
    }

    private static Earlier discard(final BpfFileSystem pins, final TrackingSet set, final Path pin,
        final Identity identity) throws IOException
    {
        final Earlier earlier;
        try (BpfMap map = BpfMap.open(pin, 4, 8))
        {
            if (map.capacity() < Header.WORDS)
            {
                throw new BpfException("found a map of " + map.capacity() + " words at " + pin + ", which is none of " +
                    "ours; remove it");
            }
            try (MappedWords words = MappedWords.map(map, Header.WORDS))
            {
                final GapCause cause = identity.mismatch(words);
                earlier = new Earlier(cause == null ? GapCause.DETACHED : cause, words.get(Header.LAST_HARVEST_MS));
            }
        }
        forget(pins, pin);
        return earlier;
    }

    private static Attachment attach(final TrackingSet set, final Path pin, final Identity identity,
        final Earlier earlier, final long nowMs) throws IOException
    {
        final TrackedDevice device = identity.device();
        final DirtyLayout layout = DirtyLayout.of(device.sizeBytes());
        final BpfMap map = BpfMap.words("fb_volume", layout.words());
        MappedWords words = null;
        boolean done = false;
        try
        {
            words = MappedWords.map(map, layout.words());
            final int slot = set.maps().freeSlot();
            identity.putInto(words);
            words.set(Header.SLOT, slot);
            words.set(Header.LAST_HARVEST_MS, nowMs);
            words.set(Header.SKIPPED_BEGINS, set.programs().skippedBegins());
            words.set(Header.SKIPPED_ENDS, set.programs().skippedEnds());
            final GapLedger gaps = new GapLedger(words, device.sizeBytes());
            gaps.open(earlier.cause(), earlier.lastHarvestMs(), nowMs);
            if (device.kind() == DeviceKind.BIO)
            {
                gaps.open(GapCause.BUSY_ATTACH, nowMs, 0);
            }
            // pinned before it is marked and complete after: a process that dies between leaves a pin that can be
            // found and cleared away, never a slot that nobody knows
            Pins.pin(map.fd(), pin);
            set.maps().add(device.number(), new VolumeWindow(device.firstSector(), device.lastSector(),
                device.diskSectors() - 1, slot, layout), map);
            words.set(Header.MAGIC, Header.MAGIC_AND_VERSION);
            done = true;
            return new Attachment(set, map, words, false);
        }
        finally
        {
            if (!done)
            {
                Files.deleteIfExists(pin);
                if (words != null)
                {
                    words.close();
                }
                map.close();
            }
        }
    }
}
