package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.BitmapStatus;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.blockdev.raid.MdArray;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.blockdev.raid.SyncProgress;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import io.farblock.replication.status.SourceStatus.ArrayStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is a change of an array and what is not, and that no more are kept than said. */
class ArrayHistoryTest
{
    private static final Set<String> IN_SYNC = Set.of("in_sync");

    private final ArrayHistory history = new ArrayHistory("disk0");
    private long nowMs = 1_000;

    @Test
    void shouldSayNothingOfAHealthyArrayThatIsWrittenAndChecked()
    {
        look("clean", "idle", 0, List.of());
        look("active", "idle", 0, List.of());
        look("clean", "idle", 0, List.of());

        assertThat(history.changes()).isEmpty();
    }

    @Test
    void shouldTellEachStationOnceAndWhen()
    {
        look("clean", "idle", 0, List.of());
        look("clean", "idle", 1, List.of());
        look("clean", "recover", 1, List.of());
        look("active", "recover", 1, List.of());
        look("clean", "idle", 0, List.of());

        assertThat(history.changes()).extracting(ArrayChange::atMs, ArrayChange::from, ArrayChange::to)
            .containsExactly(tuple(2_000L, "clean", "degraded"), tuple(3_000L, "degraded", "rebuilding"),
                tuple(5_000L, "rebuilding", "clean"));
        assertThat(history.changes().get(0).reason()).contains("1 of 2 members missing", "sdb failed");
    }

    @Test
    void shouldTellAtTheFirstLookWhatIsNotAsItShouldBe()
    {
        look("clean", "idle", 1, List.of());

        assertThat(history.changes()).extracting(ArrayChange::from, ArrayChange::to)
            .containsExactly(tuple("unknown", "degraded"));
    }

    @Test
    void shouldTellThatBadBlocksBecameMoreOnlyWhenTheyDoubled()
    {
        final List<ByteRange> bad = new ArrayList<>();
        look("clean", "idle", 0, bad);
        for (int i = 0; i < 16; i++)
        {
            bad.add(new ByteRange(8192L * i, 4096));
            look("clean", "idle", 0, bad);
        }

        assertThat(history.changes()).hasSize(5);
        assertThat(history.changes().get(4).reason())
            .isEqualTo("clean, bad blocks on sda (65536 bytes in 16 places, first at 0)");
    }

    @Test
    void shouldShowWhereBadBlocksAre()
    {
        final ArrayStatus status = ArrayHistory.statusOf(
            array("clean", "idle", 0, List.of(new ByteRange(40_960, 4096), new ByteRange(81_920, 512))));

        assertThat(status.badBlocks()).singleElement().satisfies(bad ->
        {
            assertThat(bad.member()).isEqualTo("sda");
            assertThat(bad.bytes()).isEqualTo(4608);
            assertThat(bad.places()).isEqualTo(2);
            assertThat(bad.first()).containsExactly(new ByteRange(40_960, 4096), new ByteRange(81_920, 512));
        });
    }

    @Test
    void shouldTellThatTheArrayIsGoneAndBack()
    {
        history.look(Optional.empty(), nowMs);
        look("clean", "idle", 0, List.of());
        history.look(Optional.empty(), nowMs);
        look("clean", "idle", 0, List.of());

        assertThat(history.changes()).extracting(ArrayChange::from, ArrayChange::to)
            .containsExactly(tuple("clean", "gone"), tuple("gone", "clean"));
    }

    @Test
    void shouldKeepTheNewestChangesOnly()
    {
        for (int i = 0; i < 2 * ArrayHistory.KEPT; i++)
        {
            look("clean", "idle", i % 2, List.of());
        }

        assertThat(history.changes()).hasSize(ArrayHistory.KEPT);
        assertThat(history.changes().get(ArrayHistory.KEPT - 1).atMs()).isEqualTo(nowMs - 1_000);
    }

    private void look(final String state, final String action, final int degraded, final List<ByteRange> bad)
    {
        history.look(Optional.of(array(state, action, degraded, bad)), nowMs);
        nowMs += 1_000;
    }

    private static MdArray array(
        final String state, final String action, final int degraded, final List<ByteRange> bad)
    {
        final List<ArrayMember> members = new ArrayList<>();
        members.add(new ArrayMember("sda", 0, IN_SYNC, 0, List.copyOf(bad)));
        members.add(new ArrayMember("sdb", degraded == 0 ? 1 : -1, degraded == 0 ? IN_SYNC : Set.of("faulty"), 0,
            List.of()));
        if (action.equals("recover"))
        {
            members.add(new ArrayMember("sdc", 1, Set.of("spare"), 0, List.of()));
        }
        return new MdArray("md0", RaidLevel.RAID1, 0, 2, degraded, state, action, new SyncProgress(0, 0, 0, false),
            false, 0, "resync", new BitmapStatus("none", 0, 0), "", members);
    }
}
