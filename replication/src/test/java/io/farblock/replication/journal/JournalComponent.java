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
 * A segment of the journal: one that was sealed is marked as that, and its frames are read again, each as it was
 * appended and in its place; of one that was not, some are, then comes nothing, or a damaged one that is called so. A
 * mark without all the frames is a broken promise, too. One thread.
 */
public final class JournalComponent implements CrashComponent
{
    private static final int LARGEST_BYTES = 9000;
    private static final int FRAMES = 10;

    /** Appended, and in the file or not. */
    private record Appended(int number, int lengthBytes)
    {
    }

    /** The seal has returned: all frames are durable, and so is the mark. */
    private record Sealed()
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
        try (JournalSegment segment = JournalSegment.create(journal.resolve("1-1"), 1 << 30, 0, media.sync()))
        {
            final int last = random.nextInt(FRAMES);
            for (int number = 0; number <= last; number++)
            {
                final int lengthBytes = 8 + random.nextInt(random.nextBoolean() ? 100 : LARGEST_BYTES);
                witness.note(new Appended(number, lengthBytes));
                final ByteBuffer frame = frame(number, lengthBytes);
                final int result = number < last ? segment.append(frame, 0, frame.capacity()) :
                    segment.seal(frame, 0, frame.capacity());
                BrokenPromise.unless(result == 0, "it was not kept");
                media.look();
            }
            witness.note(new Sealed());
        }
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        final boolean needed = witness.facts(Applied.class).isEmpty();
        final boolean sealed = needed && !witness.facts(Sealed.class).isEmpty();
        final Path left = survived.directory().resolve("journal").resolve("1-1");
        if (!Files.isDirectory(left))
        {
            BrokenPromise.unless(!sealed, "the segment is gone, and was sealed");
            return;
        }
        final ByteBuffer target = AlignedBuffers.allocate(LARGEST_BYTES + 4096);
        int number = 0;
        try (JournalSegment segment = JournalSegment.open(left))
        {
            final boolean marked = needed && segment.isSealed();
            BrokenPromise.unless(marked || !sealed, "a sealed segment has lost its mark");
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
            BrokenPromise.unless(!marked || number == witness.facts(Appended.class).size(),
                "it is marked as sealed, and only " + number + " frames can be read");
        }
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
