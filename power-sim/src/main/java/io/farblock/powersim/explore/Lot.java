package io.farblock.powersim.explore;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One thing that a cut decides by itself: what became of one write, of one page, of one file's size, of names that
 * belong together. Option 0 is the oldest that it may be, the last one is as if it had been made durable. Immutable.
 */
sealed interface Lot
{
    /** At least two. */
    int options();

    /** Puts an option into effect. */
    void apply(Image image, int option);

    /** Half of one and half of another, where that can be: sector by sector. */
    default void tear(final Image image, final SplittableRandom random)
    {
        apply(image, random.nextInt(options()));
    }

    /** A write to a device: kept, dropped, or torn. Later lots lie over earlier ones. */
    record Written(Event.Write write) implements Lot
    {
        private static final int PIECES_MAX = 512;

        @Override
        public int options()
        {
            return 2;
        }

        @Override
        public void apply(final Image image, final int option)
        {
            if (option > 0)
            {
                image.ownDevice(write.device()).write(write.offsetBytes(), write.data(), 0, write.lengthBytes());
            }
        }

        @Override
        public void tear(final Image image, final SplittableRandom random)
        {
            final Content content = image.ownDevice(write.device());
            // a large zeroed range is torn in larger pieces, or a cut would take as long as writing it
            final long least = random.nextInt(4) == 0 ? Page.BYTES : Page.SECTOR_BYTES;
            final long piece = (write.lengthBytes() / PIECES_MAX / least + 1) * least;
            final boolean inOrder = random.nextBoolean();
            final long upTo = random.nextLong(write.lengthBytes() / piece + 1) * piece;
            for (long at = 0; at < write.lengthBytes(); at += piece)
            {
                if (inOrder ? at < upTo : random.nextBoolean())
                {
                    content.write(write.offsetBytes() + at, write.data(), at,
                        Math.min(piece, write.lengthBytes() - at));
                }
            }
        }
    }

    /** A page of a file: any content that it was seen to have since it was last made durable. */
    record Paged(int file, int index, List<Page> versions) implements Lot
    {
        @Override
        public int options()
        {
            return versions.size();
        }

        @Override
        public void apply(final Image image, final int option)
        {
            image.ownFile(file).page(index, versions.get(option));
        }

        @Override
        public void tear(final Image image, final SplittableRandom random)
        {
            final byte[] torn = new byte[Page.BYTES];
            for (int at = 0; at < Page.BYTES; at += Page.SECTOR_BYTES)
            {
                final Page version = versions.get(random.nextInt(versions.size()));
                System.arraycopy(Page.bytes(version), at, torn, at, Page.SECTOR_BYTES);
            }
            image.ownFile(file).page(index, Page.of(torn));
        }
    }

    /** A file's size; comes after its pages, since what is beyond it is gone. */
    record Sized(int file, List<Long> sizesBytes) implements Lot
    {
        @Override
        public int options()
        {
            return sizesBytes.size();
        }

        @Override
        public void apply(final Image image, final int option)
        {
            image.ownFile(file).sizeBytes(sizesBytes.get(option));
        }
    }

    /** Changes of the same names of a directory: as many of them as got there, in their order. */
    record Named(int directory, List<Map<String, Integer>> changes) implements Lot
    {
        @Override
        public int options()
        {
            return changes.size() + 1;
        }

        @Override
        public void apply(final Image image, final int option)
        {
            changes.subList(0, option).forEach(names -> image.rename(directory, names));
        }
    }
}
