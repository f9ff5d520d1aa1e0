package io.farblock.blockdev.raid;

import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.dirty.DirtyMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every member's bitmap, as a real kernel left it when the power went, names all that was written and little else. */
class MdBitmapKernelTest
{
    /** What one bit may name of the array at most: its chunk, or the stripes that the chunk lies in. */
    @ParameterizedTest
    @CsvSource({
        "raid1, 65536", "raid1-10, 32768", "raid1-11, 16384",
        "raid10-n2, 131072", "raid10-n2-odd, 16384", "raid10-n3, 65536", "raid10-f2, 131072", "raid10-f2-odd, 65536",
        "raid10-o2, 131072", "raid10-o2-odd, 65536",
        "raid4, 131072", "raid5, 196608", "raid5-fine, 262144", "raid5-10, 524288", "raid6, 393216"})
    void shouldNameAllThatWasWrittenAndLittleElse(final String name, final long bitBytes)
    {
        final MdFixture fixture = new MdFixture(name);
        final DirtyMap expected = new DirtyMap(fixture.arrayBytes);
        for (final ByteRange write : fixture.written)
        {
            final long from = write.offsetBytes() / bitBytes * bitBytes;
            final long to = (write.offsetBytes() + write.lengthBytes() + bitBytes - 1) / bitBytes * bitBytes;
            expected.mark(from, Math.min(to, fixture.arrayBytes) - from);
        }

        for (int i = 0; i < fixture.members.size(); i++)
        {
            final MdBitmap bitmap = MdBitmap.read(fixture.members.get(i));
            final DirtyMap found = new DirtyMap(fixture.arrayBytes);
            bitmap.addTo(found);

            assertThat(bitmap.unusable()).isEmpty();
            assertThat(bitmap.arrayBytes()).isEqualTo(fixture.arrayBytes);
            assertThat(found.count()).isEqualTo(expected.count()).isLessThan(found.granules() / 10);
            for (final ByteRange write : fixture.written)
            {
                for (long at = 0; at < write.lengthBytes(); at += GRANULE_BYTES)
                {
                    assertThat(found.isMarked(write.offsetBytes() + at, 1)).as("%s at %d", name, at).isTrue();
                }
            }
            for (long granule = found.next(0); granule >= 0; granule = found.next(granule + 1))
            {
                assertThat(expected.isMarked(granule * GRANULE_BYTES, 1)).as("%s granule %d", name, granule).isTrue();
            }
        }
    }
}
