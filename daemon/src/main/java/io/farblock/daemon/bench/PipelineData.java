package io.farblock.daemon.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * What fills the image: nothing that compresses, text, zeros that are really written, or the bytes of a file over and
 * over. Immutable.
 *
 * @param text as it was given: random, text, zero, or the path of a file.
 */
public record PipelineData(String text)
{
    private static final int CHUNK_BYTES = 1 << 20;
    private static final String[] WORDS = ("every block is read once and hashed once and what has not changed is not "
        + "sent while the far side always opens at the newest sealed epoch").split(" ");

    /** Writes the image, and through to the device, so that this does not go on in the background. */
    void write(final Path image, final long sizeBytes) throws IOException
    {
        final Random random = new Random(1);
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try (FileChannel out = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileChannel in = isFile() ? FileChannel.open(Path.of(text), StandardOpenOption.READ) : null)
        {
            for (long at = 0; at < sizeBytes; at += CHUNK_BYTES)
            {
                chunk.clear();
                fill(chunk, in, random);
                chunk.flip().limit((int)Math.min(CHUNK_BYTES, sizeBytes - at));
                while (chunk.hasRemaining())
                {
                    out.write(chunk);
                }
            }
            out.force(true);
        }
    }

    private boolean isFile()
    {
        return !text.equals("random") && !text.equals("text") && !text.equals("zero");
    }

    private void fill(final ByteBuffer chunk, final FileChannel in, final Random random) throws IOException
    {
        if (in != null)
        {
            repeat(chunk, in);
            return;
        }
        switch (text)
        {
            case "random" ->
            {
                final byte[] bytes = new byte[chunk.remaining()];
                random.nextBytes(bytes);
                chunk.put(bytes);
            }
            case "text" ->
            {
                while (chunk.hasRemaining())
                {
                    final byte[] word = (WORDS[random.nextInt(WORDS.length)] + ' ').getBytes(StandardCharsets.US_ASCII);
                    chunk.put(word, 0, Math.min(word.length, chunk.remaining()));
                }
            }
            default -> chunk.put(new byte[chunk.remaining()]);
        }
    }

    private void repeat(final ByteBuffer chunk, final FileChannel in) throws IOException
    {
        boolean justRewound = false;
        while (chunk.hasRemaining())
        {
            final int count = in.read(chunk);
            if (count < 0 && justRewound)
            {
                throw new IOException(text + " is empty: " + Files.size(Path.of(text)) + " bytes");
            }
            justRewound = count < 0;
            if (justRewound)
            {
                in.position(0);
            }
        }
    }
}
