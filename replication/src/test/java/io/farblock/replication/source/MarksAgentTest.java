package io.farblock.replication.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.Errno;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.replication.Storage;
import io.farblock.replication.TestStorage;
import io.farblock.replication.marks.FakeMarks;
import io.farblock.replication.marks.KeepGuard;
import io.farblock.replication.marks.VolumeMarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A promise is given only for maps that are in time, and not again soon after it was broken. */
class MarksAgentTest
{
    private static final long SIZE_BYTES = 1 << 20;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path directory;
    private final TestStorage disks = new TestStorage();
    private final FakeMarks tracker = new FakeMarks(SIZE_BYTES);
    private final FakeGuard guard = new FakeGuard();
    private VolumeMarks marks;
    private MarksAgent agent;
    private long nowNs;

    @BeforeEach
    void follow() throws Exception
    {
        final Storage storage = new MarkedStorage(disks, tracker, guard);
        marks = new VolumeMarks(storage, directory, "v", Path.of("/volume"));
        agent = new MarksAgent(
            List.of(marks), new SourceRuntime(null, storage, null, () -> nowNs, () -> 0, bound -> 0));
        marks.follow(tracker);
        marks.attempted();
    }

    @Test
    void shouldLookOnceASecondAndPromise()
    {
        final int[] looks = new int[1];
        tracker.onPeek = () -> looks[0]++;
        for (int i = 0; i < 30; i++)
        {
            agent.doWork();
            nowNs += SECOND_NS / 10;
        }

        assertThat(looks[0]).isEqualTo(3);
        assertThat(guard.beats).isEqualTo(3);
        assertThat(marks.keptFile()).exists();
    }

    @Test
    void shouldBeginAnotherMapForAnEpochWhenTheOldOneCannotBeWritten() throws Exception
    {
        final Path file = directory.resolve("marks");
        tracker.live.set(1);
        disks.disk(file, 0).inject(new DiskFault.FailingFlush(1));
        agent.doWork();
        assertThat(marks.keptFile()).doesNotExist();

        marks.keepNow();

        tracker.live.set(2);
        marks.keepNow();
        assertThat(disks.disk(file, 0).flush()).isZero();
    }

    @Test
    void shouldLeaveThePromiseOfAnEarlierLifeUntilTheVolumeIsOpened() throws Exception
    {
        final VolumeMarks unopened = new VolumeMarks(
            new MarkedStorage(disks, tracker, guard), directory.resolve("w"), "w", Path.of("/volume"));
        Files.createDirectories(directory.resolve("w"));
        Files.createFile(unopened.keptFile());
        final MarksAgent early = new MarksAgent(List.of(unopened), new SourceRuntime(
            null, new MarkedStorage(disks, tracker, guard), null, () -> nowNs, () -> 0, bound -> 0));

        early.doWork();
        assertThat(unopened.keptFile()).exists();
        unopened.attempted();
        nowNs += SECOND_NS;
        early.doWork();

        assertThat(unopened.keptFile()).doesNotExist();
    }

    @Test
    void shouldNotBeatAfterALookThatTookTooLong()
    {
        tick();
        tracker.onPeek = () -> nowNs += SECOND_NS + 1;

        tick();

        assertThat(guard.beats).isEqualTo(1);
    }

    @Test
    void shouldPromiseNothingForAMinuteAfterTheGuardTookAPromiseBack() throws Exception
    {
        tick();
        guard.watching = false;
        tick();
        guard.watching = true;
        assertThat(marks.keptFile()).doesNotExist();
        for (int i = 0; i < 58; i++)
        {
            tick();
        }
        assertThat(marks.keptFile()).doesNotExist();
        Files.deleteIfExists(marks.keptFile());

        tick();
        tick();

        assertThat(marks.keptFile()).exists();
    }

    @Test
    void shouldTakeThePromiseBackWhenAMapCannotBeWrittenAndMakeItAnew()
    {
        tick();
        final DiskFault fault = new DiskFault.Loss(Errno.EIO);
        disks.disks.get(directory.resolve("marks")).inject(fault);
        tracker.live.set(3);
        tick();
        assertThat(marks.keptFile()).doesNotExist();
        disks.disks.get(directory.resolve("marks")).heal(fault);

        tick();

        assertThat(marks.keptFile()).exists();
    }

    @Test
    void shouldLeaveItToTheGuardToTakeThePromiseBackInTheEnd()
    {
        tick();

        agent.onClose();

        assertThat(guard.closed).isTrue();
    }

    @Test
    void shouldCountWhatIsMarkedAndWhatAnEpochHasTaken()
    {
        assertThat(marks.markedBytes()).isEqualTo(-1);
        tracker.live.set(1);
        tracker.pending.set(3, 6);

        tick();

        assertThat(marks.markedBytes()).isEqualTo(4 * 65_536);
        marks.closed();
        assertThat(marks.markedBytes()).as("nobody looks any more").isEqualTo(-1);
    }

    @Test
    void shouldWriteTheMapDownWhenItIsAskedToAndInTheEnd()
    {
        tick();
        tracker.live.set(1);
        final CompletableFuture<MarksWritten> asked = agent.persist();
        agent.doWork();
        assertThat(asked).isCompletedWithValue(new MarksWritten(1, 1));

        disks.disks.get(directory.resolve("marks")).inject(new DiskFault.Loss(Errno.EIO));
        tracker.live.set(2);
        final CompletableFuture<MarksWritten> late = agent.persist();
        agent.onClose();

        assertThat(late).as("it was tried").isCompletedWithValue(new MarksWritten(1, 0));
    }

    private void tick()
    {
        nowNs += SECOND_NS;
        agent.doWork();
    }

    /** Watches as long as the test wants. */
    private static final class FakeGuard implements KeepGuard
    {
        private boolean watching = true;
        private boolean closed;
        private int beats;

        @Override
        public boolean isWatching()
        {
            return watching;
        }

        @Override
        public void beat()
        {
            beats++;
        }

        @Override
        public void close()
        {
            closed = true;
        }
    }
}
