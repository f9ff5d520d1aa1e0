package io.farblock.powersim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.powersim.toy.Sketch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * What cuts leave of a few lines of code, as short texts: a letter for a page that is full of it, {@code -} for one of
 * zeros, and all letters in brackets for one that is torn at a sector. One thread.
 */
final class Cuts
{
    static final int PAGE_BYTES = 4096;

    /** Enough for the lots that tear to have been drawn many times. */
    private static final int STATES = 80;
    private static final int SECTOR_BYTES = 512;

    private Cuts()
    {
    }

    /** How a state is told. */
    interface Teller
    {
        String tell(Media survived) throws Exception;
    }

    /** All states there are from the first fact on. */
    static Set<String> afterTheFact(final Sketch.Life life, final Teller teller) throws Exception
    {
        final Set<String> states = new TreeSet<>();
        final Sketch sketch = new Sketch("sketch", life, (survived, witness) ->
        {
            final String told = teller.tell(survived);
            if (!witness.facts().isEmpty())
            {
                states.add(told);
            }
        });
        try (Scratch scratch = Scratch.make())
        {
            assertThat(new Explorer(sketch, scratch.directory()).explore(1, STATES).violations()).isEmpty();
        }
        return states;
    }

    /** Those where no page is torn. */
    static Set<String> whole(final Set<String> states)
    {
        final Set<String> whole = new TreeSet<>(states);
        whole.removeIf(state -> state.contains("["));
        return whole;
    }

    /** A page of one letter. */
    static ByteBuffer page(final char letter)
    {
        final byte[] bytes = new byte[PAGE_BYTES];
        Arrays.fill(bytes, (byte)letter);
        return ByteBuffer.wrap(bytes);
    }

    static String tell(final BlockDevice device, final int pages)
    {
        final ByteBuffer all = ByteBuffer.allocate(pages * PAGE_BYTES);
        device.read(0, all, 0, all.capacity());
        return tell(all.array());
    }

    /** A file that is not there is told as nothing at all. */
    static String tell(final Path file) throws IOException
    {
        return Files.exists(file) ? "<" + tell(Files.readAllBytes(file)) + ">" : "";
    }

    private static String tell(final byte[] bytes)
    {
        final StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += PAGE_BYTES)
        {
            final Set<Character> letters = new TreeSet<>();
            for (int sector = at; sector < Math.min(bytes.length, at + PAGE_BYTES); sector += SECTOR_BYTES)
            {
                for (int i = sector; i < sector + SECTOR_BYTES; i++)
                {
                    assertThat(bytes[i]).as("a sector is never torn").isEqualTo(bytes[sector]);
                }
                letters.add(bytes[sector] == 0 ? '-' : (char)bytes[sector]);
            }
            text.append(letters.size() == 1 ? letters.iterator().next().toString() : letters.toString());
        }
        return text.toString();
    }
}
