package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.CheckedBlockDevice;
import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Handle;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.FaultyDisk;
import io.farblock.raidsim.layout.ParityLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What a journal holds is written over the members at the next start: so it must be of this array, of this life of it,
 * and whole. A crash here is an array that is forgotten and opened anew, with all that it wrote.
 */
class JournalOfAnotherLifeTest
{
    private static final int CHUNK = 4096;
    private static final int MEMBER_BYTES = 64 * CHUNK;
    private static final int JOURNAL_BYTES = 2 << 20;

    private final ArrayLab lab = new ArrayLab(5, MEMBER_BYTES);
    private final FaultyDisk journal = new FaultyDisk(new MemoryBlockDevice("journal", JOURNAL_BYTES));
    private RaidArray array;
    private DeviceBytes bytes;

    @Test
    void shouldJournalAWriteWhoseParityHasNoMember() throws Exception
    {
        create();
        final byte[] data = pattern(1, CHUNK);
        array.fail(ArrayShape.layoutOf(array.description()).slot(0, 4));

        bytes.write(0, data);

        assertThat(bytes.read(0, CHUNK)).isEqualTo(data);
        open();
        assertThat(bytes.read(0, CHUNK)).isEqualTo(data);
    }

    @Test
    void shouldNotReplayWhatAnotherArrayLeft() throws Exception
    {
        create();
        bytes.write(0, pattern(1, CHUNK));
        bytes.write(8 * CHUNK, pattern(2, CHUNK));
        final ArrayLab other = new ArrayLab(5, MEMBER_BYTES);
        use(Assembly.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK), "other", new UUID(1, 2), 5,
            ArrayLab.handles(other.disks), options()));
        bytes.write(0, pattern(3, CHUNK));

        use(Assembly.open(ArrayLab.handles(other.disks), options()));

        assertThat(bytes.read(8 * CHUNK, CHUNK)).isEqualTo(new byte[CHUNK]);
    }

    @Test
    void shouldNotReplayWhatItHeldBeforeItWasLeftOut() throws Exception
    {
        create();
        bytes.write(0, pattern(1, CHUNK));
        bytes.write(8 * CHUNK, pattern(2, CHUNK));
        final byte[] newer = pattern(3, CHUNK);
        openWithoutJournal();
        bytes.write(8 * CHUNK, newer);
        array.close();
        open();
        bytes.write(0, pattern(4, CHUNK));

        open();

        assertThat(bytes.read(8 * CHUNK, CHUNK)).isEqualTo(newer);
    }

    @Test
    void shouldNotReplayWhatCameBeforeItsFailure() throws Exception
    {
        create();
        bytes.write(0, pattern(1, CHUNK));
        final byte[] newer = pattern(2, CHUNK);
        journal.inject(new DiskFault.FailingFlush(1));
        array.add(ArrayLab.handles(List.of(lab.addDisk(MEMBER_BYTES))).get(0));
        bytes.write(0, newer);

        open();

        assertThat(bytes.read(0, CHUNK)).isEqualTo(newer);
    }

    @Test
    void shouldNotReplayTheJournalOfAnArrayThatLivesOn() throws Exception
    {
        create();
        bytes.write(8 * CHUNK, pattern(1, CHUNK));
        array.flush();
        final ArrayLab other = new ArrayLab(5, MEMBER_BYTES);
        Assembly.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK), "other", new UUID(1, 2), 5,
            ArrayLab.handles(other.disks), ArrayLab.options());

        use(Assembly.open(ArrayLab.handles(other.disks), options()));

        assertThat(bytes.read(8 * CHUNK, CHUNK)).isEqualTo(new byte[CHUNK]);
    }

    @Test
    void shouldReplayAllSinceTheLastReclaimOnEveryLapOfTheRing() throws Exception
    {
        final int largest = 4096 + 5 * StripeBuffers.PIECE_BYTES;
        final StripeJournal ring = new StripeJournal(
            new CheckedBlockDevice(new MemoryBlockDevice("ring", 2 * 4096 + 3L * largest)), ArrayLab.ID, 5);
        final StripeBuffers work = new StripeBuffers(new ParityLayout(5, 1, 65536, 4));
        final SplittableRandom random = new SplittableRandom(1);
        ring.format();
        ring.setEvents(1);
        int held = 0;

        for (int i = 0; i < 300; i++)
        {
            if (!ring.hasRoom())
            {
                ring.reclaim();
                held = 0;
            }
            ring.append(new StripePiece(i, 0, (1 + random.nextInt(16)) * 4096, 0, 3), work.own, random.nextInt(1, 32));
            held++;
            final StripeJournal found = new StripeJournal(ring.device(), ArrayLab.ID, 5);
            assertThat(found.load(1)).isTrue();
            assertThat(found.replay((piece, strip, data) -> { })).as("entry %d", i).isEqualTo(held);
        }
    }

    @Test
    void shouldNotVouchForStripesThatAreStillToBeResynced() throws Exception
    {
        lab.disks.forEach((disk) -> new DeviceBytes(disk)
            .write(disk.geometry().sizeBytes() - CHUNK, pattern(9, CHUNK)));
        create();
        lab.disks.remove(0);

        assertThatThrownBy(this::open).hasMessageContaining("the write hole");
    }

    @Test
    void shouldNotVouchForStripesWhenAnEntryCannotBeRead() throws Exception
    {
        create();
        bytes.write(0, pattern(1, CHUNK));
        bytes.write(8 * CHUNK, pattern(2, CHUNK));
        journal.inject(new DiskFault.LatentSectors(2 * 4096, 512));
        lab.disks.remove(0);

        assertThatThrownBy(this::open).hasMessageContaining("the write hole");
    }

    @Test
    void shouldBeCurrentWhenItsEntriesEndWhereTheRingEnds() throws Exception
    {
        final int entry = 4096 + 5 * StripeBuffers.PIECE_BYTES;
        final StripeJournal ring = new StripeJournal(
            new MemoryBlockDevice("ring", 2 * 4096 + 2L * entry), ArrayLab.ID, 5);
        ring.format();
        ring.setEvents(1);
        final StripeBuffers work = new StripeBuffers(new ParityLayout(5, 1, 65536, 4));
        ring.append(new StripePiece(0, 0, StripeBuffers.PIECE_BYTES, 0, 3), work.own, 31);
        ring.append(new StripePiece(1, 0, StripeBuffers.PIECE_BYTES, 0, 3), work.own, 31);

        ring.reclaim();

        assertThat(new StripeJournal(ring.device(), ArrayLab.ID, 5).load(1)).isTrue();
    }

    private void create() throws RaidException
    {
        use(Assembly.create(ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK), "life", ArrayLab.ID, 5,
            ArrayLab.handles(lab.disks), options()));
    }

    private void open() throws RaidException
    {
        use(Assembly.open(ArrayLab.handles(lab.disks), options()));
    }

    private void openWithoutJournal() throws RaidException
    {
        use(Assembly.open(ArrayLab.handles(lab.disks), ArrayLab.options()));
    }

    private ArrayOptions options()
    {
        return ArrayLab.options().withJournal(new Handle(journal));
    }

    private void use(final RaidArray opened)
    {
        array = opened;
        bytes = new DeviceBytes(new CheckedBlockDevice(opened));
    }
}
