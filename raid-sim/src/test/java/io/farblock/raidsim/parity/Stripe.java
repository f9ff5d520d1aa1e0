package io.farblock.raidsim.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** The strips of one stripe with random content, and the slow arithmetic that others are measured by. */
final class Stripe
{
    final ByteBuffer[] strips;
    final int bytes;

    Stripe(final int count, final int bytes, final Random random)
    {
        this.bytes = bytes;
        strips = new ByteBuffer[count];
        for (int i = 0; i < count; i++)
        {
            strips[i] = randomBuffer(bytes, random);
        }
    }

    static ByteBuffer randomBuffer(final int bytes, final Random random)
    {
        final byte[] content = new byte[bytes];
        random.nextBytes(content);
        return buffer(content);
    }

    static ByteBuffer buffer(final byte[] content)
    {
        return ByteBuffer.allocateDirect(content.length).order(ByteOrder.LITTLE_ENDIAN).put(0, content);
    }

    byte[] content(final int strip)
    {
        final byte[] content = new byte[bytes];
        strips[strip].get(0, content);
        return content;
    }

    byte[][] contents()
    {
        final byte[][] contents = new byte[strips.length][];
        for (int i = 0; i < contents.length; i++)
        {
            contents[i] = content(i);
        }
        return contents;
    }

    /** Overwrites the missing strips within a range. */
    void lose(final long missing, final int index, final int length, final Random random)
    {
        final byte[] noise = new byte[length];
        for (int i = 0; i < strips.length; i++)
        {
            if ((missing >>> i & 1) != 0)
            {
                random.nextBytes(noise);
                strips[i].put(index, noise);
            }
        }
    }

    void assertContents(final byte[][] expected, final String what)
    {
        for (int i = 0; i < expected.length; i++)
        {
            // the comparison of buffers is quick, the other one says what differs
            if (!strips[i].duplicate().clear().equals(ByteBuffer.wrap(expected[i])))
            {
                assertThat(content(i)).as("%s: strip %d", what, i).isEqualTo(expected[i]);
            }
        }
    }

    /** P or Q of all data strips: the definition, without any table. */
    static byte[] parity(final byte[][] contents, final int dataStrips, final boolean isQ)
    {
        final byte[] parity = new byte[contents[0].length];
        for (int i = 0; i < dataStrips; i++)
        {
            for (int at = 0; at < parity.length; at++)
            {
                int product = contents[i][at] & 0xff;
                for (int k = 0; isQ && k < i; k++)
                {
                    product = slowTwice(product);
                }
                parity[at] ^= (byte)product;
            }
        }
        return parity;
    }

    /** The polynomial times x, modulo 0x11d. */
    static int slowTwice(final int element)
    {
        final int shifted = element * 2;
        return shifted > 0xff ? shifted ^ 0x11d : shifted;
    }

    /** The product, by adding shifted terms. */
    static int slowProduct(final int a, final int b)
    {
        int sum = 0;
        int shifted = a;
        for (int bits = b; bits != 0; bits >>= 1)
        {
            sum ^= (bits & 1) != 0 ? shifted : 0;
            shifted = slowTwice(shifted);
        }
        return sum;
    }
}
