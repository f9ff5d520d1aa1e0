package io.farblock.replication.journal;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import io.farblock.replication.wire.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A segment of the journal: frames that were synced are read again, each as it was appended and in its place; after
 * them come others that were appended, then nothing, or a damaged one that is called so. One thread.
 */
public final class JournalComponent implements CrashComponent
{
    private static final int LARGEST_BYTES = 9000;
    private static final int STEPS = 10;

    /** Appended, and in the file or not. */
    private record Appended(int number, int lengthBytes)
    {
    }

    /** A sync has returned: so many frames are durable. */
    private record Synced(int frames)
    {
    }

    /** Nobody needs the segment any more. */
    private record Applied()
    {
    }

    @Override
    public String name()
    {
        return "journal";
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        final Path journal = media.directory().resolve("journal");
        Files.createDirectory(journal);
        media.sync().fsyncDirectory(media.directory());
        int frames = 0;
        try (JournalSegment segment = JournalSegment.create(journal.resolve("1-1"), 1 << 30, 0, media.sync()))
        {
            for (int step = 0; step < STEPS; step++)
            {
                if (random.nextInt(4) > 0)
                {
                    final int lengthBytes = 8 + random.nextInt(random.nextBoolean() ? 100 : LARGEST_BYTES);
                    witness.note(new Appended(frames, lengthBytes));
                    final ByteBuffer frame = frame(frames, lengthBytes);
                    BrokenPromise.unless(segment.append(frame, 0, frame.capacity()) == 0, "append failed");
                    frames++;
                    media.look();
                }
                else
                {
                    BrokenPromise.unless(segment.sync() == 0, "sync failed");
                    witness.note(new Synced(frames));
                }
            }
        }
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        final int synced = witness.facts(Applied.class).isEmpty() ?
            witness.newest(Synced.class, new Synced(0)).frames() : 0;
        final Path left = survived.directory().resolve("journal").resolve("1-1");
        if (!Files.isDirectory(left))
        {
            BrokenPromise.unless(synced == 0, "the segment is gone, expected " + synced + " frames in it");
            return;
        }
        final ByteBuffer target = AlignedBuffers.allocate(LARGEST_BYTES + 4096);
        int number = 0;
        try (JournalSegment segment = JournalSegment.open(left))
        {
            segment.rewind();
            for (final Appended appended : witness.facts(Appended.class))
            {
                final int lengthBytes = segment.read(target);
                if (lengthBytes <= 0)
                {
                    break;
                }
                final ByteBuffer expected = frame(appended.number(), appended.lengthBytes());
                BrokenPromise.unless(lengthBytes == expected.capacity() &&
                    target.slice(0, lengthBytes).equals(expected.slice(0, lengthBytes)),
                    "frame " + number + " is taken for intact, but is none that was appended there");
                number++;
            }
        }
        BrokenPromise.unless(number >= synced, number + " frames can be read, " + synced + " were synced");
        witness.note(new Applied());
        JournalSegment.delete(left);
    }

    private static ByteBuffer frame(final int number, final int lengthBytes)
    {
        final ByteBuffer memory = AlignedBuffers.allocate(Frame.BODY_OFFSET + lengthBytes);
        final SplittableRandom bytes = new SplittableRandom(number * 31L + lengthBytes);
        for (int i = 0; i < lengthBytes; i++)
        {
            memory.put(Frame.BODY_OFFSET + i, (byte)bytes.nextInt());
        }
        new Frame().seal(new UnsafeBuffer(memory), memory, 0, lengthBytes);
        return memory;
    }
}
