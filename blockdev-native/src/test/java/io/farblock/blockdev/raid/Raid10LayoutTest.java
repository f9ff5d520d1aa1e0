package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which members RAID 10 can lose, against a plain placement of the copies. */
class Raid10LayoutTest
{
    @ParameterizedTest
    @CsvSource({
        "0x102, 4", "0x102, 3", "0x102, 5", "0x102, 2", "0x103, 5", "0x103, 6", "0x201, 4", "0x201, 3", "0x201, 2",
        "0x10201, 4", "0x10201, 5", "0x301, 4", "0x202, 4", "0x202, 6"})
    void shouldLoseDataExactlyWhenEveryCopyOfSomethingIsMissing(final String word, final int disks)
    {
        final Raid10Layout layout = Raid10Layout.of(Integer.decode(word));
        for (int present = 0; present < 1 << disks; present++)
        {
            final int mask = present;

            final boolean loses = layout.losesData(disks, (slot) -> (mask >> slot & 1) != 0);

            assertThat(loses).as("layout %s, present %s", word, Integer.toBinaryString(mask))
                .isEqualTo(losesSomeChunk(layout, disks, mask));
        }
    }

    /** Chunk c lies near times side by side from c * near on, and again one run of near copies further for each far. */
    private static boolean losesSomeChunk(final Raid10Layout layout, final int disks, final int present)
    {
        for (int chunk = 0; chunk < disks; chunk++)
        {
            final Set<Integer> holders = new TreeSet<>();
            for (int far = 0; far < layout.far(); far++)
            {
                for (int near = 0; near < layout.near(); near++)
                {
                    holders.add((chunk * layout.near() + near + far * layout.near()) % disks);
                }
            }
            if (holders.stream().noneMatch((slot) -> (present >> slot & 1) != 0))
            {
                return true;
            }
        }
        return false;
    }
}
