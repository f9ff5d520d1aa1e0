package io.farblock.raidsim.md;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.raidsim.array.ArrayOptions;
import io.farblock.raidsim.array.Assembly;
import io.farblock.raidsim.array.RaidArray;
import io.farblock.raidsim.array.RaidArray.Scrub;
import io.farblock.raidsim.array.RaidException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays that a real kernel made and filled are opened, read, scrubbed, and read without a member. */
class KernelArrayTest
{
    private static final ArrayOptions OPTIONS = ArrayOptions.of(() -> 1_790_000_000);

    static List<String> all()
    {
        return LayoutFixture.NAMES;
    }

    static Stream<String> redundant()
    {
        return all().stream().filter((name) -> !name.equals("raid0"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldReadWhatTheKernelWrote(final String name) throws RaidException
    {
        final LayoutFixture fixture = new LayoutFixture(name);

        try (RaidArray array = Assembly.open(fixture.members, OPTIONS))
        {
            assertThat(array.geometry().sizeBytes()).isEqualTo(fixture.arrayBytes);
            requirePattern(array, name);
        }
    }

    @ParameterizedTest
    @MethodSource("redundant")
    void shouldFindNothingWrong(final String name) throws RaidException
    {
        try (RaidArray array = Assembly.open(new LayoutFixture(name).members, OPTIONS))
        {
            array.scrub(Scrub.CHECK);
            int steps = 0;
            while (array.work(0) == 0)
            {
                steps++;
            }

            assertThat(steps).isPositive();
            assertThat(array.describe().mismatchSectors()).isZero();
            assertThat(array.describe().resyncPending()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("redundant")
    void shouldReadWithoutAnyOneMember(final String name) throws RaidException
    {
        final int members = new LayoutFixture(name).members.size();
        for (int slot = 0; slot < members; slot++)
        {
            try (RaidArray array = Assembly.open(new LayoutFixture(name).members, OPTIONS))
            {
                array.fail(slot);

                requirePattern(array, name + " without " + slot);
            }
        }
    }

    @Test
    void shouldRefuseStripesOverUnequalMembers()
    {
        final LayoutFixture fixture = new LayoutFixture("raid0");
        final Found.Member found = (Found.Member)MemberFormat.read(fixture.members.get(1));
        final ArrayDescription is = found.array();
        MemberFormat.writeSuperblock(fixture.members.get(1), new ArrayDescription(is.array(), is.name(),
            is.createdSeconds(), is.level(), is.layout(), is.chunkBytes(), is.raidDisks(),
            is.memberBytes() - is.chunkBytes(), 0), found.record());

        assertThatThrownBy(() -> Assembly.open(fixture.members, OPTIONS)).isInstanceOf(RaidException.class)
            .hasMessageContaining("raid0.1 gives " + (is.memberBytes() - is.chunkBytes()) + " bytes");
    }

    @Test
    void shouldRefuseAnArrayWhoseJournalMayKnowMore()
    {
        final LayoutFixture fixture = new LayoutFixture("raid5");
        final Found.Member found = (Found.Member)MemberFormat.read(fixture.members.get(1));
        final MemberRecord is = found.record();
        MemberFormat.writeSuperblock(fixture.members.get(1), found.array(), new MemberRecord(is.number(), is.device(),
            is.dataOffsetBytes(), is.dataBytes(), is.events(), is.resyncOffsetBytes(), is.recoveryOffsetBytes(),
            is.updatedSeconds(), true, is.roles()));

        assertThatThrownBy(() -> Assembly.open(fixture.members, OPTIONS)).isInstanceOf(RaidException.class)
            .hasMessageContaining("raid5.1 belongs to an array with a journal of md's own");
    }

    private static void requirePattern(final RaidArray array, final String name)
    {
        final int piece = 256 << 10;
        final ByteBuffer expected = AlignedBuffers.allocate(piece);
        final ByteBuffer found = AlignedBuffers.allocate(piece);
        for (long at = 0; at < array.geometry().sizeBytes(); at += piece)
        {
            final int length = (int)Math.min(piece, array.geometry().sizeBytes() - at);
            LayoutFixture.pattern(at, expected, length);

            assertThat(array.read(at, found, 0, length)).isEqualTo(length);
            assertThat(found.slice(0, length).mismatch(expected.slice(0, length)))
                .as("%s: first wrong byte from %d on", name, at).isEqualTo(-1);
        }
    }
}
