package io.farblock.raidsim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models as numbers: each has a name, can be changed, and is refused when it makes no sense. */
class DiskModelTest
{
    private final DiskModel hdd = DiskProfile.HDD.model();

    @Test
    void shouldTellEveryNumberAndTakeItBack()
    {
        for (final DiskProfile profile : DiskProfile.values())
        {
            final DiskModel same = profile.model().with(profile.model().numbers());

            assertThat(same).isEqualTo(profile.model());
            assertThat(same.numbers()).hasSize(13);
        }
    }

    @Test
    void shouldChangeOneNumberAndLeaveTheOthers()
    {
        final DiskModel changed = hdd.with(Map.of("rpm", 10_000L));

        assertThat(changed.numbers()).containsEntry("rpm", 10_000L);
        assertThat(changed.with(Map.of("rpm", 7_200L))).isEqualTo(hdd);
    }

    @Test
    void shouldRefuseNamesThatItHasNotAndNumbersThatItCannotHave()
    {
        assertThatThrownBy(() -> hdd.with(Map.of("channels", 8L))).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("channels").hasMessageContaining("rpm");
        assertThatThrownBy(() -> hdd.with(Map.of("rpm", 0L))).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("rpm=0, expected 60 to");
        assertThatThrownBy(() -> hdd.with(Map.of("innerBytesPerSecond", 300_000_000L)))
            .hasMessageContaining("innerBytesPerSecond=300000000");
    }

    @Test
    void shouldNameEachProfileOnce()
    {
        assertThat(Arrays.stream(DiskProfile.values()).map(DiskProfile::text)).doesNotHaveDuplicates();
    }
}
