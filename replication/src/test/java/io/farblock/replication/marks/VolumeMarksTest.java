package io.farblock.replication.marks;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.dirty.DirtyTracker;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.raid.BootIntent;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.replication.LinuxStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boot after boot with files of its own: what comes back, and that no promise is believed twice. */
class VolumeMarksTest
{
    private static final long SIZE_BYTES = 1L << 30;
    private static final int UNIT = 65536;
    private static final Path DEVICE = Path.of("/dev/none");

    @TempDir
    private Path directory;
    private final FakeBoot look = new FakeBoot();

    @Test
    void shouldBringBackOnlyWhatWasMarkedAfterACleanShutdown() throws Exception
    {
        final FakeMarks first = run(3, 9);
        shutDown(first);

        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(second);

        assertThat(second.live).isEqualTo(MarkKeeperTest.bits(3, 9));
        assertThat(second.gaps).isEmpty();
        assertThat(marks.note()).hasValue(
            new BootNote(look.boot, true, 2 * UNIT, "saved map of a clean shutdown", true));
        marks.sealed();
        assertThat(marks.note().orElseThrow().open()).isFalse();
    }

    @Test
    void shouldNotBelieveAShutdownTwice() throws Exception
    {
        shutDown(run(3));
        boot(FakeMarks.booted(SIZE_BYTES));

        final FakeMarks third = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(third);

        assertThat(third.gaps).hasSize(2);
        assertThat(third.live).as("what was saved comes back in any case").isEqualTo(MarkKeeperTest.bits(3));
        assertThat(marks.note().orElseThrow().reason()).contains("no clean shutdown");
        assertThat(marks.note().orElseThrow().bytes()).isEqualTo(SIZE_BYTES);
    }

    @Test
    void shouldNotBelieveAShutdownAfterTheNextProcessOfTheSameRun() throws Exception
    {
        final FakeMarks first = run(3);
        shutDown(first);
        first.takenOver = true;
        open(first);

        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        boot(second);

        assertThat(second.gaps).hasSize(2);
    }

    @Test
    void shouldAddTheBitmapAfterAPowerCutOnceAndNotTwice() throws Exception
    {
        final VolumeMarks kept = open(FakeMarks.booted(SIZE_BYTES));
        closeGapsOf(kept);
        final FakeMarks first = lastMarks;
        first.live.set(5);
        assertThat(kept.keep()).isTrue();
        kept.promise();
        assertThat(kept.keptFile()).exists();
        look.intent = new BootIntent(List.of(new ByteRange(64 * UNIT, 2 * UNIT)), 5, "");

        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(second);

        assertThat(second.live).isEqualTo(MarkKeeperTest.bits(5, 64, 65));
        assertThat(second.gaps).isEmpty();
        assertThat(marks.note().orElseThrow().bytes()).isEqualTo(3 * UNIT);
        assertThat(kept.keptFile()).doesNotExist();
        final FakeMarks third = FakeMarks.booted(SIZE_BYTES);
        boot(third);
        assertThat(third.gaps).as("cut again before anybody kept the map").hasSize(2);
    }

    /** A write and a flush a second for nothing, beside whoever writes to the same disk. */
    @Test
    void shouldKeepNothingWhereNoBitmapCouldTellTheRestButSaveAtTheEnd() throws Exception
    {
        look.keepsIntent = false;
        final VolumeMarks marks = open(FakeMarks.booted(SIZE_BYTES));
        closeGapsOf(marks);
        final FakeMarks first = lastMarks;
        final byte[] before = Files.readAllBytes(directory.resolve(Resume.FILE));
        first.live.set(5);

        assertThat(marks.keep()).isFalse();
        marks.promise();

        assertThat(Files.readAllBytes(directory.resolve(Resume.FILE))).isEqualTo(before);
        assertThat(marks.keptFile()).doesNotExist();
        shutDown(first);
        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        boot(second);
        assertThat(second.live).isEqualTo(MarkKeeperTest.bits(5));
        assertThat(second.gaps).isEmpty();
    }

    @Test
    void shouldLeaveTheGapOpenWhileAWriteIsUnderWay() throws Exception
    {
        shutDown(run(3));
        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        second.gaps.set(1, new Gap(GapCause.BUSY_ATTACH, 1, 0, 1, 0, SIZE_BYTES));

        final VolumeMarks marks = boot(second);

        assertThat(second.gaps).hasSize(2);
        assertThat(marks.note().orElseThrow().narrowed()).isFalse();
    }

    @Test
    void shouldNotCloseTheGapOfADeviceThatWasReplaced() throws Exception
    {
        shutDown(run(3));
        final FakeMarks second = new FakeMarks(SIZE_BYTES);
        second.gaps.add(new Gap(GapCause.DEVICE_REPLACED, 0, 1, 1, 0, SIZE_BYTES));

        boot(second);

        assertThat(second.gaps).hasSize(1);
    }

    @Test
    void shouldCompareEverythingAndGoOnWithAMapThatIsDamaged() throws Exception
    {
        shutDown(run(3));
        Files.write(directory.resolve("marks"), new byte[(int)MarkFile.bytes(SIZE_BYTES)]);
        Files.write(directory.resolve("marks"), new byte[]{1}, StandardOpenOption.WRITE);

        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(second);

        assertThat(second.gaps).hasSize(2);
        assertThat(marks.note().orElseThrow().reason()).contains("cannot be used", "no header");
        assertThat(marks.keep()).isTrue();
    }

    @Test
    void shouldSayWhyItIsNotClean() throws Exception
    {
        final VolumeMarks marks = open(FakeMarks.booted(SIZE_BYTES));
        closeGapsOf(marks);
        look.users = "mounted at /data (ext4)";
        assertThat(marks.finish()).contains("in use: mounted at /data");
        look.users = "";
        look.goesOn = "the system is not being shut down";
        assertThat(marks.finish()).contains("not being shut down");
        look.goesOn = "";
        marks.keepNow();
        lastMarks.gaps.add(new Gap(GapCause.TABLE_FULL, 0, 1, 1, 0, SIZE_BYTES));

        assertThat(marks.finish()).contains("has a gap");
    }

    @Test
    void shouldForgetWhatWasSavedForAVolumeThatIsFollowedNoMore() throws Exception
    {
        shutDown(run(3));
        new VolumeMarks(storage(), directory, "v", DEVICE).forget();

        final FakeMarks second = FakeMarks.booted(SIZE_BYTES);
        final VolumeMarks marks = boot(second);

        assertThat(second.gaps).hasSize(2);
        assertThat(marks.note().orElseThrow().reason())
            .isEqualTo("no saved map, and no write-intent bitmap: it is no md array");
    }

    private FakeMarks lastMarks;
    private DirtyTracker lastFollowed;

    @AfterEach
    void close()
    {
        if (lastFollowed != null)
        {
            lastFollowed.close();
        }
    }

    /** A run of the machine in which these units were marked, and the gap of its begin was closed by an epoch. */
    private FakeMarks run(final int... units) throws Exception
    {
        final VolumeMarks marks = open(FakeMarks.booted(SIZE_BYTES));
        closeGapsOf(marks);
        lastMarks.live.or(MarkKeeperTest.bits(units));
        marks.keep();
        return lastMarks;
    }

    private void closeGapsOf(final VolumeMarks marks)
    {
        lastMarks.gaps.clear();
        marks.keep();
    }

    private void shutDown(final FakeMarks running) throws Exception
    {
        running.takenOver = true;
        assertThat(open(running).finish()).isEmpty();
    }

    /** The machine is started anew. */
    private VolumeMarks boot(final FakeMarks fresh) throws Exception
    {
        look.boot = new UUID(0, look.boot.getLeastSignificantBits() + 1);
        return open(fresh);
    }

    private VolumeMarks open(final FakeMarks tracker) throws Exception
    {
        // as the end of a process does
        close();
        lastMarks = tracker;
        final VolumeMarks marks = new VolumeMarks(storage(), directory, "v", DEVICE);
        lastFollowed = marks.follow(tracker);
        assertThat(lastFollowed).isInstanceOf(MarkKeeper.class);
        return marks;
    }

    private LinuxStorage storage()
    {
        return new LinuxStorage(look);
    }
}
