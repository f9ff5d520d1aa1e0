package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.ArrayMember.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state that a real kernel showed gets its right name and a line that says why. */
class MdSysfsTest
{
    @TempDir
    Path sys;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        raid0-clean                  | CLEAN          | clean
        raid0-failing                | FAILED         | failed: the kernel refuses writes
        raid1-clean                  | CLEAN          | clean
        raid1-active                 | ACTIVE         | active
        raid1-spare                  | CLEAN          | clean
        raid1-building               | BUILDING       | building 0.0 % (first sync, or after an unclean stop)
        raid1-checking               | CHECKING       | checking 0.0 %
        raid1-repairing              | REPAIRING      | repairing 0.0 %
        raid1-frozen                 | CLEAN          | clean, recovery is frozen
        raid1-readonly               | READ_ONLY      | read-only
        raid1-read-auto              | AUTO_READ_ONLY | read-only until the first write
        raid1-inactive               | INACTIVE       | inactive: not started, 1 members found
        raid1-bad-blocks             | CLEAN          | clean, bad blocks on ubdb (4096 bytes in 1 place, \
        first at 51200)
        raid1-degraded               | DEGRADED       | degraded, 1 of 2 members missing, ubdb failed, \
        bad blocks on ubdb (4096 bytes in 1 place, first at 51200)
        raid1-degraded-removed       | DEGRADED       | degraded, 1 of 2 members missing
        raid1-rebuilding             | REBUILDING     | rebuilding 0.0 % (ubdc), 1 of 2 members missing
        raid1-replacing              | REBUILDING     | rebuilding 0.0 % (ubdc replaces ubda)
        raid1-last-member-failing    | FAILED         | failed: the kernel refuses writes, 1 of 2 members missing, \
        ubda failed
        raid5-clean                  | CLEAN          | clean
        raid5-building               | BUILDING       | building 0.0 % (first sync, or after an unclean stop)
        raid5-first-sync-by-recovery | REBUILDING     | rebuilding 0.0 % (ubdc), 1 of 3 members missing
        raid5-degraded               | DEGRADED       | degraded, 1 of 3 members missing, ubda failed
        raid5-failed                 | FAILED         | failed: more members lost than it bears, \
        2 of 3 members missing, ubda failed, ubdb failed
        raid5-ppl                    | CLEAN          | clean
        raid5-reshaping              | RESHAPING      | reshaping 1.1 %
        raid6-degraded-2             | DEGRADED       | degraded, 2 of 4 members missing, ubda failed, ubdb failed
        raid6-rebuilding-1-of-2      | REBUILDING     | rebuilding 0.0 % (ubde), 2 of 4 members missing, \
        ubda failed, ubdb failed
        raid6-failed                 | FAILED         | failed: the kernel refuses writes, 3 of 4 members missing, \
        ubda failed, ubdb failed, ubdc failed
        raid10-n2-degraded-2         | DEGRADED       | degraded, 2 of 4 members missing, ubda failed, ubdc failed
        raid10-n2-pair-failing       | FAILED         | failed: the kernel refuses writes, 2 of 4 members missing, \
        ubda failed, ubdc failed
        raid10-f2-neighbours-failing | FAILED         | failed: the kernel refuses writes, 1 of 4 members missing, \
        ubda failed
        """)
    void shouldNameTheStateThatAKernelShowed(final String name, final ArrayState state, final String reason)
        throws IOException
    {
        StateFixture.unpack(sys, name);

        final MdArray array = new MdSysfs(sys).read("md0");

        assertThat(array.state()).isEqualTo(state);
        assertThat(array.reason()).isEqualTo(reason);
        assertThat(new MdSysfs(sys).arrays()).containsExactly("md0");
    }

    @Test
    void shouldFindTheArrayBehindANodeALinkOrAPartition() throws IOException
    {
        StateFixture.unpack(sys, "raid1-degraded");
        final MdSysfs mdSysfs = new MdSysfs(sys);
        final Path node = Files.createFile(sys.resolve("md0"));
        final Path link = Files.createSymbolicLink(sys.resolve("vault"), node);
        final Path partition = Files.createFile(sys.resolve("md0p12"));

        assertThat(mdSysfs.behind(node)).hasValueSatisfying((array) ->
            assertThat(array.state()).isEqualTo(ArrayState.DEGRADED));
        assertThat(mdSysfs.behind(link)).isPresent();
        assertThat(mdSysfs.behind(partition)).isPresent();
        assertThat(mdSysfs.behind(Files.createFile(sys.resolve("md01")))).isEmpty();
        assertThat(mdSysfs.behind(Files.createFile(sys.resolve("sda")))).isEmpty();
        assertThat(mdSysfs.behind(sys.resolve("nothing"))).isEmpty();
    }

    /** Kernels that do not say "broken" leave it to the reader to count. */
    @ParameterizedTest
    @CsvSource({
        "raid6-failed, FAILED", "raid1-last-member-failing, DEGRADED", "raid10-n2-pair-failing, DEGRADED",
        "raid5-failed, FAILED", "raid0-failing, CLEAN"})
    void shouldCountTheMembersWhereTheKernelDoesNotJudge(final String name, final ArrayState state) throws IOException
    {
        Files.writeString(StateFixture.unpack(sys, name).resolve("array_state"), "clean\n");

        assertThat(new MdSysfs(sys).read("md0").state()).isEqualTo(state);
    }

    @Test
    void shouldSeeThatACopyOfRaid10IsLost() throws IOException
    {
        final Path directory = StateFixture.unpack(sys, "raid10-n2-degraded-2");
        Files.writeString(directory.resolve("dev-ubdb/state"), "faulty\n");
        Files.writeString(directory.resolve("degraded"), "3\n");

        assertThat(new MdSysfs(sys).read("md0").state()).isEqualTo(ArrayState.FAILED);
    }

    @Test
    void shouldTellAboutMembersBitmapAndProgress() throws IOException
    {
        final Path directory = StateFixture.unpack(sys, "raid1-replacing");
        Files.writeString(directory.resolve("sync_completed"), "39656 / 96256\n");
        Files.writeString(directory.resolve("dev-ubdb/bad_blocks"), "100 8\n4096 1\n");
        Files.writeString(directory.resolve("dev-ubdb/errors"), "7\n");

        final MdArray array = new MdSysfs(sys).read("md0");

        assertThat(array.level()).isEqualTo(RaidLevel.RAID1);
        assertThat(array.raidDisks()).isEqualTo(2);
        assertThat(array.members()).extracting(ArrayMember::name).containsExactly("ubda", "ubdb", "ubdc");
        assertThat(array.members()).extracting(ArrayMember::role)
            .containsExactly(Role.IN_SYNC, Role.IN_SYNC, Role.REPLACING);
        assertThat(array.members().get(1).errors()).isEqualTo(7);
        assertThat(array.members().get(1).badBlocks())
            .containsExactly(new ByteRange(51200, 4096), new ByteRange(2097152, 512));
        assertThat(array.bitmap()).isEqualTo(new BitmapStatus("+8", 67108864, 5));
        assertThat(array.bitmap().isInternal()).isTrue();
        assertThat(array.consistencyPolicy()).isEqualTo("bitmap");
        assertThat(array.progress().speedKibS()).isPositive();
        assertThat(array.reason()).isEqualTo("rebuilding 41.2 % (ubdc replaces ubda), bad blocks on ubdb " +
            "(4608 bytes in 2 places, first at 51200)");
    }

    @Test
    void shouldAddWhatElseHoldsTheArray() throws IOException
    {
        final Path directory = StateFixture.unpack(sys, "raid1-read-auto");
        Files.writeString(directory.resolve("resync_start"), "0\n");
        final MdArray pending = new MdSysfs(sys).read("md0");
        Files.writeString(directory.resolve("array_state"), "readonly\n");
        Files.writeString(directory.resolve("degraded"), "1\n");
        Files.writeString(directory.resolve("sync_action"), "frozen\n");
        final MdArray degraded = new MdSysfs(sys).read("md0");

        assertThat(pending.reason()).isEqualTo("read-only until the first write, resync pending");
        assertThat(degraded.state()).isEqualTo(ArrayState.DEGRADED);
        assertThat(degraded.reason()).isEqualTo("degraded, 1 of 2 members missing, frozen, read-only");
    }

    @Test
    void shouldSayThatASyncWaits() throws IOException
    {
        Files.writeString(StateFixture.unpack(sys, "raid1-rebuilding").resolve("sync_completed"), "delayed\n");

        assertThat(new MdSysfs(sys).read("md0").reason())
            .isEqualTo("rebuilding delayed (ubdc), 1 of 2 members missing");
    }

    /** The kernel says "recover" for a moment when a degraded array starts, before it finds that it has no spare. */
    @Test
    void shouldNotPromiseARebuildThatFillsNobody() throws IOException
    {
        Files.writeString(StateFixture.unpack(sys, "raid1-degraded-removed").resolve("sync_action"), "recover\n");

        final MdArray array = new MdSysfs(sys).read("md0");

        assertThat(array.state()).isEqualTo(ArrayState.DEGRADED);
        assertThat(array.reason()).isEqualTo("degraded, 1 of 2 members missing");
    }

    @Test
    void shouldCallWhatItDoesNotKnowUnknown() throws IOException
    {
        final Path directory = StateFixture.unpack(sys, "raid1-clean");
        Files.writeString(directory.resolve("array_state"), "dreaming\n");
        final MdArray state = new MdSysfs(sys).read("md0");
        Files.writeString(directory.resolve("array_state"), "clean\n");
        Files.writeString(directory.resolve("sync_action"), "dance\n");
        final MdArray action = new MdSysfs(sys).read("md0");

        assertThat(state.state()).isEqualTo(ArrayState.UNKNOWN);
        assertThat(action.state()).isEqualTo(ArrayState.UNKNOWN);
        assertThat(action.reason()).isEqualTo("unknown: the kernel says \"clean\" and \"dance\"");
    }

    @Test
    void shouldCallAnArrayGoneThatIsNotThere()
    {
        final MdArray array = new MdSysfs(sys).read("md7");

        assertThat(array.state()).isEqualTo(ArrayState.GONE);
        assertThat(array.reason()).isEqualTo("gone: there is no array md7");
        assertThat(new MdSysfs(sys).arrays()).isEmpty();
    }

    /** An array that is being stopped takes its attributes away one by one; each may be the first that is missed. */
    @Test
    void shouldReadWhatIsLeftOfAnArrayThatStops() throws IOException
    {
        final Path directory = StateFixture.unpack(sys, "raid5-clean");
        for (final String attribute : new String[] {"level", "raid_disks", "layout", "sync_action", "sync_completed",
            "degraded", "mismatch_cnt", "consistency_policy", "uuid", "bitmap/location", "dev-ubda/state",
            "dev-ubda/slot", "dev-ubdb/state", "array_state"})
        {
            Files.delete(directory.resolve(attribute));

            final ArrayState state = new MdSysfs(sys).read("md0").state();

            assertThat(state).as("without " + attribute).isNotEqualTo(ArrayState.FAILED);
        }
        assertThat(new MdSysfs(sys).read("md0").state()).isEqualTo(ArrayState.GONE);
    }

    @Test
    void shouldTakeAnAttributeThatCannotBeReadForNone() throws IOException
    {
        final Path directory = StateFixture.unpack(sys, "raid5-clean");
        Files.delete(directory.resolve("array_state"));
        Files.createDirectory(directory.resolve("array_state"));

        assertThat(new MdSysfs(sys).read("md0").state()).isEqualTo(ArrayState.GONE);
    }
}
