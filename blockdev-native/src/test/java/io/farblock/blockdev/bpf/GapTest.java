package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static io.farblock.blockdev.dirty.DirtyMap.GRANULE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.blockdev.linux.OpenMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every cause of a gap is noticed, with begin and end. Where the kernel cannot be made to do it here (pass-through
 * commands, skipped runs), what it would have counted is written into the header in its place.
 */
class GapTest
{
    private static final long SIZE_BYTES = 64L << 20;

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    private final Cleanup cleanup = new Cleanup();
    private TrackedLoop loop;

    @BeforeEach
    void attach() throws IOException
    {
        loop = TrackedLoop.create(cleanup, SIZE_BYTES);
        loop.tracker().closeGap(loop.tracker().gaps().get(0));
        loop.advanceTo(2000);
    }

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldNoticeAForeignRequest() throws IOException
    {
        setHeader(Header.FOREIGN, 3);

        loop.harvest();

        assertGap(GapCause.FOREIGN_REQUEST, 1000, 2000);
        loop.advanceTo(3000);
        loop.harvest();
        assertGap(GapCause.FOREIGN_REQUEST, 1000, 2000);
    }

    @Test
    void shouldNoticeThatAllCopiesMayHaveSkippedARun() throws IOException
    {
        setHeader(Header.SKIPPED_BEGINS, -1);
        loop.harvest();
        assertThat(loop.tracker().gaps()).as("the end of a write marks it too").isEmpty();
        setHeader(Header.SKIPPED_ENDS, -1);

        loop.harvest();

        assertGap(GapCause.SKIPPED_RUNS, 2000, 2000);
    }

    @Test
    void shouldNoticeAFullTable() throws IOException
    {
        try (TrackingMaps maps = TrackingMaps.open(loop.pins().programs(DeviceKind.REQUEST)))
        {
            final ByteBuffer key = maps.inFlight().key();
            final ByteBuffer value = maps.inFlight().value();
            int result = 0;
            for (long i = 1; result == 0; i++)
            {
                result = maps.inFlight().update(key.putLong(0, i), value);
            }
        }
        loop.bytes().write(0, pattern(1, GRANULE_BYTES));

        final List<Long> granules = loop.harvest();

        assertThat(granules).containsExactly(0L);
        assertGap(GapCause.TABLE_FULL, 1000, 2000);
    }

    @Test
    void shouldNoticeAWriteBeyondTheKnownSize() throws IOException
    {
        grow();
        try (LinuxBlockDevice larger = LinuxBlockDevice.open(loop.loop().device(), OpenMode.readWrite().shared()))
        {
            new DeviceBytes(larger).write(SIZE_BYTES - GRANULE_BYTES, pattern(1, 2 * GRANULE_BYTES));
        }

        final List<Long> granules = loop.harvest();

        assertThat(granules).containsExactly(SIZE_BYTES / GRANULE_BYTES - 1);
        assertThat(loop.tracker().gaps()).extracting(Gap::cause)
            .containsExactly(GapCause.OUT_OF_RANGE, GapCause.DEVICE_RESIZED);
    }

    @Test
    void shouldNotCloseAGapOfADeviceThatChangedItsSizeBeforeItIsOpenedAnew() throws IOException
    {
        grow();
        loop.harvest();
        assertGap(GapCause.DEVICE_RESIZED, 1000, 0);

        final boolean closed = loop.tracker().closeGap(loop.tracker().gaps().get(0));

        assertThat(closed).isFalse();
        loop.tracker().close();
        loop.advanceTo(3000);
        loop.open();
        assertThat(loop.tracker().takenOver()).isFalse();
        assertThat(loop.tracker().gaps())
            .containsExactly(new Gap(GapCause.DEVICE_RESIZED, 2000, 3000, 1, 0, 2 * SIZE_BYTES));
    }

    @Test
    void shouldNoticeAnotherFileUnderTheSameDevice() throws IOException
    {
        final Path other = Files.createTempFile("farblock-other", ".img");
        cleanup.add(() -> Files.delete(other));
        LoopDevice.run(List.of("truncate", "-s", String.valueOf(SIZE_BYTES), other.toString()));
        loop.device().close();
        LoopDevice.run(List.of("losetup", "-d", loop.loop().device().toString()));
        LoopDevice.run(List.of("losetup", loop.loop().device().toString(), other.toString()));

        loop.harvest();

        assertGap(GapCause.DEVICE_REPLACED, 1000, 0);
        loop.tracker().close();
        loop.open();
        assertGap(GapCause.DEVICE_REPLACED, 2000, 2000);
    }

    @Test
    void shouldNotBelieveAMapOfAnotherBootOrVolume() throws IOException
    {
        setHeader(Header.BOOT, 1);
        loop.tracker().close();
        loop.open();
        assertGap(GapCause.REBOOTED, 1000, 2000);

        setHeader(Header.VOLUME, 1);
        loop.tracker().close();
        loop.open();

        assertGap(GapCause.STATE_LOST, 2000, 2000);
    }

    @Test
    void shouldNoticeThatAProgramWasRemoved() throws IOException
    {
        loop.tracker().close();
        Files.delete(loop.pins().programs(DeviceKind.REQUEST).resolve("fb_issue1_link"));

        loop.open();

        assertThat(loop.tracker().takenOver()).isFalse();
        assertGap(GapCause.DETACHED, 1000, 2000);
        loop.bytes().write(0, pattern(1, GRANULE_BYTES));
        assertThat(loop.harvest()).containsExactly(0L);
    }

    @Test
    void shouldGoOnWhileItRunsWhenSomebodyRemovesThePins() throws IOException
    {
        BpfFileSystem.remove(loop.pins().programs(DeviceKind.REQUEST));
        loop.bytes().write(0, pattern(1, GRANULE_BYTES));

        final List<Long> granules = loop.harvest();

        assertThat(granules).containsExactly(0L);
        assertThat(loop.tracker().gaps()).isEmpty();
    }

    @Test
    void shouldNoticeThatTheVolumeWasTakenOutOfTheList() throws IOException
    {
        BpfTracker.forget(loop.pins(), TrackedLoop.VOLUME);
        loop.bytes().write(0, pattern(1, GRANULE_BYTES));

        final List<Long> granules = loop.harvest();

        assertThat(granules).isEmpty();
        assertGap(GapCause.DETACHED, 1000, 0);
    }

    @Test
    void shouldNotCloseAGapThatHasGrownMeanwhile() throws IOException
    {
        setHeader(Header.FOREIGN, 1);
        loop.harvest();
        final Gap compared = loop.tracker().gaps().get(0);
        setHeader(Header.FOREIGN, 2);
        loop.advanceTo(3000);
        loop.harvest();

        final boolean closed = loop.tracker().closeGap(compared);

        assertThat(closed).isFalse();
        assertGap(GapCause.FOREIGN_REQUEST, 1000, 3000);
        assertThat(loop.tracker().closeGap(loop.tracker().gaps().get(0))).isTrue();
        assertThat(loop.tracker().gaps()).isEmpty();
    }

    private void grow() throws IOException
    {
        LoopDevice.run(List.of("truncate", "-s", String.valueOf(2 * SIZE_BYTES), loop.loop().file().toString()));
        LoopDevice.run(List.of("losetup", "-c", loop.loop().device().toString()));
    }

    private void assertGap(final GapCause cause, final long beginMs, final long endMs)
    {
        final List<Gap> gaps = loop.tracker().gaps();
        assertThat(gaps).extracting(Gap::cause).containsExactly(cause);
        assertThat(gaps.get(0).beginMs()).isEqualTo(beginMs);
        assertThat(gaps.get(0).endMs()).isEqualTo(endMs);
        assertThat(gaps.get(0).lengthBytes()).isEqualTo(SIZE_BYTES);
    }

    private void setHeader(final int index, final long value) throws IOException
    {
        try (BpfMap map = BpfMap.open(loop.pins().volume(Identity.digest(TrackedLoop.VOLUME)), 4, 8);
            MappedWords words = MappedWords.map(map, Header.WORDS))
        {
            words.set(index, value);
        }
    }
}
