package io.farblock.raidsim.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StripeLayoutTest
{
    private static final int CHUNK = 4096;

    static Stream<StripeLayout> layouts()
    {
        final List<StripeLayout> all = new ArrayList<>();
        for (int slots = 1; slots <= 7; slots++)
        {
            all.add(CopyLayout.raid0(slots, CHUNK, 9));
            all.add(CopyLayout.raid1(slots, 300 * 1024 + 512));
            for (final int layout : new int[]{0x102, 0x103, 0x201, 0x301, 0x10201, 0x10301})
            {
                if (slots >= Math.max(layout & 0xff, layout >> 8 & 0xff))
                {
                    all.add(CopyLayout.raid10(slots, layout, CHUNK, 12));
                    all.add(CopyLayout.raid10(slots, layout, CHUNK, 13));
                }
            }
            for (int parities = 1; parities <= 2 && parities + 2 <= slots; parities++)
            {
                all.add(new ParityLayout(slots, parities, CHUNK, 23));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void shouldFindEveryStripFromItsMember(final StripeLayout layout)
    {
        final Set<List<Long>> places = new HashSet<>();

        for (long stripe = 0; stripe < layout.stripes(); stripe++)
        {
            final Set<Integer> slots = new HashSet<>();
            for (int strip = 0; strip < layout.strips(); strip++)
            {
                final int slot = layout.slot(stripe, strip);
                final long chunk = layout.offsetBytes(stripe, strip) / layout.chunkBytes();
                assertThat(slot).isBetween(0, layout.slots() - 1);
                assertThat(chunk).isBetween(0L, layout.memberChunks() - 1);
                assertThat(layout.stripeAt(slot, chunk)).isEqualTo(stripe);
                assertThat(layout.stripAt(slot, chunk)).isEqualTo(strip);
                assertThat(places.add(List.of((long)slot, chunk))).isTrue();
                slots.add(slot);
            }
            assertThat(slots).hasSize(layout.strips());
        }
        for (int slot = 0; slot < layout.slots(); slot++)
        {
            for (long chunk = 0; chunk < layout.memberChunks(); chunk++)
            {
                assertThat(layout.stripeAt(slot, chunk) >= 0).isEqualTo(places.contains(List.of((long)slot, chunk)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void shouldSurviveExactlyWhatLeavesEnoughStripsOfEveryStripe(final StripeLayout layout)
    {
        for (long present = 0; present < 1L << layout.slots(); present++)
        {
            boolean enough = true;
            for (long stripe = 0; stripe < layout.stripes(); stripe++)
            {
                int found = 0;
                for (int strip = 0; strip < layout.strips(); strip++)
                {
                    found += (int)(present >>> layout.slot(stripe, strip) & 1);
                }
                enough &= found >= layout.dataStrips();
            }

            assertThat(layout.survives(present)).as("members %s of %s", Long.toBinaryString(present), layout)
                .isEqualTo(enough);
        }
    }

    @Test
    void shouldRefuseWhatIsNoArray()
    {
        assertThatThrownBy(() -> new ParityLayout(2, 1, CHUNK, 1)).hasMessageContaining("RAID 5 on 2 members");
        assertThatThrownBy(() -> CopyLayout.raid10(4, 0x202, CHUNK, 1)).hasMessageContaining("layout 202");
        assertThatThrownBy(() -> CopyLayout.raid10(2, 0x103, CHUNK, 1)).hasMessageContaining("2 members");
        assertThatThrownBy(() -> CopyLayout.raid0(64, CHUNK, 1)).hasMessageContaining("64 members");
    }
}
