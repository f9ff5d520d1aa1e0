package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.raid.RaidLevel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The write hole: the power goes while a part of a stripe is written, so that parity agrees with neither the old nor
 * the new data; then a disk is lost, and what is computed for it, which nobody wrote to, is wrong. 60 cuts each, the
 * same in all four.
 */
class WriteHoleTest
{
    private static final int CUTS = 60;
    private static final int CHUNK = 4096;
    private static final int MEMBER_BYTES = 16 * CHUNK;

    /** The second data strip of stripe 3; RAID 5 on three keeps it in slot 1, as in stripe 0. */
    private static final long VICTIM_OFFSET = 3L * 2 * CHUNK + CHUNK;
    private static final int VICTIM_SLOT = 1;

    private Rail rail;
    private boolean hasJournal;

    @Test
    void shouldGiveWrongDataWithoutJournalWhenForced() throws Exception
    {
        int wrong = 0;
        int refused = 0;

        for (int cut = 0; cut < CUTS; cut++)
        {
            cutInMidWrite(cut, 0, false);
            refused += refusesWithoutDisk() ? 1 : 0;
            wrong += isVictimWrong(open(withoutVictimsDisk(), true)) ? 1 : 0;
        }

        assertThat(refused).as("starts that were refused").isPositive();
        assertThat(wrong).as("cuts after which a chunk that was not written is wrong").isPositive();
    }

    @Test
    void shouldGiveAnErrorAndNotWrongDataWhenTheDiskIsLostBeforeTheResync() throws Exception
    {
        int errors = 0;

        for (int cut = 0; cut < CUTS; cut++)
        {
            cutInMidWrite(cut, 0, false);
            final RaidArray array = open(rail.handles(), false);
            array.fail(VICTIM_SLOT);
            final ByteBuffer victim = AlignedBuffers.allocate(CHUNK);
            final int result = array.read(VICTIM_OFFSET, victim, 0, CHUNK);
            errors += result < 0 ? 1 : 0;
            assertThat(result < 0 || victim.get(0) == 7).as("cut %d", cut).isTrue();
        }

        assertThat(errors).isPositive();
    }

    @Test
    void shouldBeRightWithABitmapWhenTheDiskIsLostAfterTheResync() throws Exception
    {
        for (int cut = 0; cut < CUTS; cut++)
        {
            cutInMidWrite(cut, CHUNK, false);
            final RaidArray array = open(rail.handles(), false);
            for (int i = 0; i < 1000; i++)
            {
                array.work(i * 1_000_000_000L);
            }

            array.fail(VICTIM_SLOT);

            assertThat(isVictimWrong(array)).as("cut %d", cut).isFalse();
        }
    }

    @Test
    void shouldBeRightWithAJournalEvenWhenTheDiskIsLostInTheCut() throws Exception
    {
        for (int cut = 0; cut < CUTS; cut++)
        {
            cutInMidWrite(cut, 0, true);

            final RaidArray array = open(withoutVictimsDisk(), false);

            assertThat(isVictimWrong(array)).as("cut %d", cut).isFalse();
        }
    }

    /** Stripe 3 holds 7 everywhere, durably; its first data strip is written over when the power goes. */
    private void cutInMidWrite(final int seed, final long bitmapChunk, final boolean journaled) throws RaidException
    {
        rail = new Rail(3, ArrayLab.HEAD_BYTES + MEMBER_BYTES, seed);
        hasJournal = journaled;
        if (journaled)
        {
            rail.addJournal(1 << 20);
        }
        final RaidArray array = Assembly.create(
            ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK).withBitmap(bitmapChunk), "hole", ArrayLab.ID, 3,
            rail.handles(), options(false));
        write(array, 0, 7, (int)array.geometry().sizeBytes());
        assertThat(array.flush()).isZero();
        rail.cutAfter(seed % 8);
        for (int value = 8; !rail.isCut(); value++)
        {
            write(array, VICTIM_OFFSET - CHUNK, value, CHUNK);
        }
        rail.powerUp();
    }

    private static void write(final RaidArray array, final long offset, final int value, final int length)
    {
        final ByteBuffer data = AlignedBuffers.allocate(length);
        for (int i = 0; i < length; i++)
        {
            data.put(i, (byte)value);
        }
        array.write(offset, data, 0, length);
    }

    private boolean refusesWithoutDisk()
    {
        try
        {
            Assembly.open(withoutVictimsDisk(), options(false));
            return false;
        }
        catch (final RaidException refused)
        {
            assertThat(refused).hasMessageContaining("the write hole").hasMessageContaining("force");
            return true;
        }
    }

    private boolean isVictimWrong(final RaidArray array)
    {
        final ByteBuffer victim = AlignedBuffers.allocate(CHUNK);
        assertThat(array.read(VICTIM_OFFSET, victim, 0, CHUNK)).isEqualTo(CHUNK);
        boolean wrong = false;
        for (int i = 0; i < CHUNK; i++)
        {
            wrong |= victim.get(i) != 7;
        }
        return wrong;
    }

    private List<BlockDevice> withoutVictimsDisk()
    {
        final List<BlockDevice> disks = new ArrayList<>(rail.handles());
        disks.remove(VICTIM_SLOT);
        return disks;
    }

    private RaidArray open(final List<BlockDevice> disks, final boolean force) throws RaidException
    {
        return Assembly.open(disks, options(force));
    }

    private ArrayOptions options(final boolean force)
    {
        return ArrayLab.options().withForce(force).withJournal(hasJournal ? rail.journal() : null);
    }
}
