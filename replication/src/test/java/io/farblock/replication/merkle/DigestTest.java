package io.farblock.replication.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest
{
    private final Digest digest = new Digest();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBeSha256OfExactlyTheRange(final long seed) throws Exception
    {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++)
        {
            final byte[] bytes = new byte[1 + random.nextInt(5000)];
            random.nextBytes(bytes);
            final ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
            final int from = random.nextInt(bytes.length);
            final int to = from + 1 + random.nextInt(bytes.length - from);
            final byte[] found = new byte[32];

            final boolean zero = digest.of(buffer.limit(to).position(from), found);

            final MessageDigest expected = MessageDigest.getInstance("SHA-256");
            expected.update(bytes, from, to - from);
            if (!zero)
            {
                assertThat(found).as("%d..%d", from, to).isEqualTo(expected.digest());
            }
            assertThat(buffer.position()).isEqualTo(to);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 31, 32, 33, 511, 512, 4096, 65536})
    void shouldGiveZerosForZerosOnly(final int length)
    {
        final byte[] found = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2,
            3, 4, 5};
        final ByteBuffer buffer = ByteBuffer.allocateDirect(length);

        final boolean zero = digest.of(buffer, found);

        assertThat(zero).isTrue();
        assertThat(found).containsOnly(0);
        assertThat(Digest.isZero(found)).isTrue();
        assertThat(buffer.remaining()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 31, 32, 33, 100, 512})
    void shouldNoticeOneBitInAnyByteAndEitherByteOrder(final int length)
    {
        final byte[] found = new byte[32];
        for (int at = 0; at < length; at++)
        {
            for (final ByteOrder order : new ByteOrder[]{ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN})
            {
                final ByteBuffer buffer = ByteBuffer.allocateDirect(length + 3).order(order);
                buffer.put(at, (byte)(1 << at % 8));

                final boolean zero = digest.of(buffer.limit(length), found);

                assertThat(zero).as("bit in byte %d of %d", at, length).isFalse();
                assertThat(Digest.isZero(found)).isFalse();
            }
        }
    }

    @Test
    void shouldTellAZeroDigestByAllOfItsBytes()
    {
        for (int at = 0; at < 32; at++)
        {
            final byte[] one = new byte[32];
            one[at] = (byte)0x80;

            assertThat(Digest.isZero(one)).as("byte %d", at).isFalse();
        }
    }

    @Test
    void shouldStartAfreshAfterEachBlock()
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        buffer.put(3, (byte)7);
        final byte[] first = new byte[32];
        final byte[] second = new byte[32];
        digest.of(buffer.duplicate(), first);
        digest.of(ByteBuffer.allocateDirect(100), second);

        digest.of(buffer.duplicate(), second);

        assertThat(second).isEqualTo(first);
        assertThat(Digest.hex(second)).hasSize(64).matches("[0-9a-f]+");
    }
}
