package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.raidsim.layout.StripeLayout;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What an array must hold: bytes, which of them nobody can know since their write failed, and which may answer an error
 * because more of their stripe was unavailable at some time since they were written than the level bears. Granules of 4
 * KiB. One thread.
 */
final class ArrayModel
{
    private static final int GRANULE = 4096;

    final byte[] bytes;
    private final BitSet unknownSectors = new BitSet();
    private final BitSet mayFail = new BitSet();
    private final ArrayLab lab;
    private final StripeLayout layout;

    ArrayModel(final ArrayLab lab, final StripeLayout layout)
    {
        this.lab = lab;
        this.layout = layout;
        this.bytes = new byte[lab.size()];
    }

    /** Judges what an answered write did. */
    void written(final int from, final byte[] data, final int result, final String when)
    {
        if (result >= 0)
        {
            System.arraycopy(data, 0, bytes, from, data.length);
            unknownSectors.clear(from / 512, (from + data.length) / 512);
            final boolean anyLost = !mayFail.isEmpty();
            mayFail.clear((from + GRANULE - 1) / GRANULE, Math.max((from + GRANULE - 1) / GRANULE,
                (from + data.length) / GRANULE));
            if (anyLost)
            {
                judge();
            }
        }
        else
        {
            assertThat(failureIsAllowed(from, data.length)).as("write of %d+%d failed, %s", from, data.length, when)
                .isTrue();
            unknownSectors.set(from / 512, (from + data.length) / 512);
        }
    }

    /** Compares what was read. */
    void read(final int from, final byte[] found, final int result, final String when)
    {
        if (result < 0)
        {
            final int next = mayFail.nextSetBit(from / GRANULE);
            assertThat(next >= 0 && next * GRANULE < from + found.length)
                .as("read of %d+%d failed, %s", from, found.length, when).isTrue();
            return;
        }
        for (int at = from; at < from + found.length; at += 512)
        {
            final int within = at - from;
            if (!unknownSectors.get(at / 512) &&
                !Arrays.equals(bytes, at, at + 512, found, within, within + 512))
            {
                throw new AssertionError("wrong data at " + at + " (" + where(at) + "), " + when + "; " +
                    lab.array.describe());
            }
        }
    }

    private String where(final int at)
    {
        final int stripeBytes = layout.dataStrips() * layout.chunkBytes();
        final int strip = at % stripeBytes / layout.chunkBytes();
        return "stripe " + at / stripeBytes + ", strip " + strip + ", slot " +
            layout.slot(at / stripeBytes, strip);
    }

    private boolean failureIsAllowed(final int from, final int length)
    {
        final int stripeBytes = layout.dataStrips() * layout.chunkBytes();
        final int begin = from / stripeBytes * stripeBytes / GRANULE;
        final int end = Math.min(bytes.length, (from + length + stripeBytes - 1) / stripeBytes * stripeBytes);
        final int next = mayFail.nextSetBit(begin);
        return next >= 0 && next * GRANULE < end;
    }

    /** Notes what cannot be promised any more, as the disks and members are now. */
    void judge()
    {
        final ArrayMember[] seated = seated();
        for (long stripe = 0; stripe < layout.stripes(); stripe++)
        {
            for (int column = 0; column < layout.columns(stripe); column += GRANULE)
            {
                long gone = 0;
                for (int strip = 0; strip < layout.strips(); strip++)
                {
                    final ArrayMember member = seated[layout.slot(stripe, strip)];
                    gone |= isThere(member, layout.offsetBytes(stripe, strip) + column) ? 0 : 1L << strip;
                }
                if (Long.bitCount(gone) > layout.redundantStrips())
                {
                    lose(stripe, column, gone);
                }
            }
        }
    }

    private void lose(final long stripe, final int column, final long gone)
    {
        for (int strip = 0; strip < layout.dataStrips(); strip++)
        {
            if ((gone >>> strip & 1) != 0)
            {
                mayFail.set((int)((layout.arrayOffset(stripe) + (long)strip * layout.chunkBytes() + column) / GRANULE));
            }
        }
    }

    /** Slots whose member holds its data, as far as the array and its disks are concerned. */
    long inSync()
    {
        final ArrayMember[] seated = seated();
        long mask = 0;
        for (int slot = 0; slot < seated.length; slot++)
        {
            mask |= seated[slot] == null ? 0 : 1L << slot;
        }
        return mask;
    }

    private ArrayMember[] seated()
    {
        final ArrayMember[] seated = new ArrayMember[layout.slots()];
        for (final ArrayMember member : lab.array.describe().members())
        {
            if (member.role() == ArrayMember.Role.IN_SYNC && member.slot() >= 0 &&
                !lab.disk(member.name()).isUnreadable(0, 512))
            {
                seated[member.slot()] = member;
            }
        }
        return seated;
    }

    private boolean isThere(final ArrayMember member, final long offset)
    {
        return member != null &&
            !lab.disk(member.name()).isUnreadable(ArrayLab.HEAD_BYTES + offset, GRANULE) &&
            member.badBlocks().stream().noneMatch((range) -> touches(range, ArrayLab.HEAD_BYTES + offset));
    }

    private static boolean touches(final ByteRange range, final long offset)
    {
        return range.offsetBytes() < offset + GRANULE && offset < range.offsetBytes() + range.lengthBytes();
    }
}
