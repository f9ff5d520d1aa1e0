package io.farblock.raidsim.md;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.raidsim.layout.CopyLayout;
import io.farblock.raidsim.layout.ParityLayout;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.parity.MirrorCode;
import io.farblock.raidsim.parity.ParityCode;
import io.farblock.raidsim.parity.StripeCode;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte of arrays that a real kernel filled, redundant ones included, lies where the layouts say. */
class MdLayoutTest
{
    @ParameterizedTest
    @ValueSource(strings = {
        "raid0", "raid1", "raid5", "raid5-4", "raid6", "raid6-5", "raid10-n2", "raid10-n2-odd", "raid10-n3",
        "raid10-f2", "raid10-f2-odd", "raid10-o2", "raid10-o2-odd"})
    void shouldFindAllThatTheKernelWrote(final String name)
    {
        final LayoutFixture fixture = new LayoutFixture(name);
        final Found.Member first = member(fixture, 0);
        final StripeLayout layout = layout(first.array());
        final StripeCode code = layout.dataStrips() == 1 ? new MirrorCode(layout.strips()) :
            new ParityCode(layout.dataStrips(), layout.redundantStrips());
        final ByteBuffer[] expected = new ByteBuffer[layout.strips()];
        for (int strip = 0; strip < expected.length; strip++)
        {
            expected[strip] = AlignedBuffers.allocate(layout.chunkBytes());
        }
        final ByteBuffer found = AlignedBuffers.allocate(layout.chunkBytes());

        assertThat(first.array().arrayBytes()).isEqualTo(fixture.arrayBytes).isEqualTo(layout.sizeBytes());
        for (long stripe = 0; stripe < layout.stripes(); stripe++)
        {
            final int length = layout.columns(stripe);
            for (int strip = 0; strip < layout.dataStrips(); strip++)
            {
                LayoutFixture.pattern(layout.arrayOffset(stripe) + (long)strip * layout.chunkBytes(), expected[strip],
                    length);
            }
            if (layout.redundantStrips() > 0)
            {
                code.encode(expected, 0, length);
            }
            for (int strip = 0; strip < layout.strips(); strip++)
            {
                fixture.members.get(layout.slot(stripe, strip)).read(
                    first.record().dataOffsetBytes() + layout.offsetBytes(stripe, strip), found, 0, length);

                assertThat(found.slice(0, length).mismatch(expected[strip].slice(0, length)))
                    .as("%s: first wrong byte of stripe %d, strip %d", name, stripe, strip).isEqualTo(-1);
            }
        }
    }

    @Test
    void shouldReadTheSameOfEveryMember()
    {
        for (final String name : LayoutFixture.NAMES)
        {
            final LayoutFixture fixture = new LayoutFixture(name);

            for (int slot = 0; slot < fixture.members.size(); slot++)
            {
                final Found.Member member = member(fixture, slot);

                assertThat(member.array()).as(name).isEqualTo(member(fixture, 0).array());
                assertThat(member.array().arrayBytes()).as(name).isEqualTo(fixture.arrayBytes);
                assertThat(member.record().role()).as(name).isEqualTo(slot);
                assertThat(member.record().resyncOffsetBytes()).as(name).isEqualTo(MemberRecord.CLEAN);
            }
        }
    }

    private static Found.Member member(final LayoutFixture fixture, final int slot)
    {
        return (Found.Member)MemberFormat.read(fixture.members.get(slot));
    }

    private static StripeLayout layout(final ArrayDescription array)
    {
        final long chunks = array.chunkBytes() == 0 ? 0 : array.memberBytes() / array.chunkBytes();
        return switch (array.level())
        {
            case RAID0 -> CopyLayout.raid0(array.raidDisks(), array.chunkBytes(), chunks);
            case RAID1 -> CopyLayout.raid1(array.raidDisks(), array.memberBytes());
            case RAID10 -> CopyLayout.raid10(array.raidDisks(), array.layout(), array.chunkBytes(), chunks);
            default -> new ParityLayout(array.raidDisks(), array.level().parityMembers(), array.chunkBytes(), chunks);
        };
    }
}
