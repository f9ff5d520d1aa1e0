package io.farblock.blockdev.raid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.dirty.DirtyMap;
import io.farblock.blockdev.raid.Unusable.Cause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Those members answer that the array still had; one that may know more and is not here forbids an answer. */
class WriteIntentTest
{
    @ParameterizedTest
    @ValueSource(strings = {"raid1", "raid10-f2", "raid5", "raid6", "raid1-dropped", "raid5-dropped", "raid1-spare"})
    void shouldNameAllThatWasWrittenAlsoAfterAMemberDroppedOut(final String name)
    {
        final MdFixture fixture = new MdFixture(name);

        final WriteIntent intent = WriteIntent.read(fixture.members);

        assertThat(intent.unusable()).isEmpty();
        assertThat(intent.arrayBytes()).isEqualTo(fixture.arrayBytes);
        assertAllNamed(fixture, intent);
    }

    @Test
    void shouldLeaveMembersAsideThatDroppedOut()
    {
        assertThat(WriteIntent.read(new MdFixture("raid1-dropped").members).members())
            .containsExactly("raid1-dropped1");
        assertThat(WriteIntent.read(new MdFixture("raid5-dropped").members).members())
            .containsExactly("raid5-dropped0", "raid5-dropped2");
        assertThat(WriteIntent.read(new MdFixture("raid1-spare").members).members())
            .containsExactly("raid1-spare0", "raid1-spare1");
    }

    /** Its bitmap is whole, but misses what was written after it dropped out: only its own superblock can tell. */
    @Test
    void shouldNotBelieveAMemberThatDroppedOutAndIsAlone()
    {
        final List<MemoryBlockDevice> members = new MdFixture("raid1-dropped").members;
        final MdBitmap stale = MdBitmap.read(members.get(0));

        final WriteIntent intent = WriteIntent.of(List.of(stale));

        assertThat(stale.unusable()).isEmpty();
        assertThat(intent.unusable().orElseThrow().cause()).isEqualTo(Cause.MEMBERS_MISSING);
        assertThatThrownBy(() -> intent.addTo(new DirtyMap(stale.arrayBytes())))
            .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldBelieveTheMemberThatIsLeft()
    {
        final MdFixture fixture = new MdFixture("raid1-dropped");

        final WriteIntent intent = WriteIntent.read(fixture.members.subList(1, 2));

        assertThat(intent.unusable()).isEmpty();
        assertAllNamed(fixture, intent);
    }

    /** The missing ones may know more if they are enough to have run the array without those that are here. */
    @ParameterizedTest
    @CsvSource({
        "raid1, 1, false", "raid4, 1, true", "raid5, 1, true", "raid5, 2, true", "raid5, 3, false", "raid6, 2, true",
        "raid6, 3, false", "raid10-n2, 1, true", "raid10-n2, 2, false", "raid10-n3, 1, true", "raid10-n3, 2, false"})
    void shouldAnswerWithoutSomeMembers(final String name, final int missing, final boolean answers)
    {
        final MdFixture fixture = new MdFixture(name);

        final WriteIntent intent = WriteIntent.read(fixture.members.subList(missing, fixture.members.size()));

        assertThat(intent.unusable().map(Unusable::cause).orElse(null))
            .isEqualTo(answers ? null : Cause.MEMBERS_MISSING);
        if (answers)
        {
            assertAllNamed(fixture, intent);
        }
    }

    @Test
    void shouldTreatAnUnreadableMemberAsMissing()
    {
        final MdFixture five = new MdFixture("raid5");
        final List<BlockDevice> members = new ArrayList<>(five.members);
        members.set(2, new FailingReads(five.members.get(2), 4096));

        final WriteIntent intent = WriteIntent.read(members);

        assertThat(intent.unusable()).isEmpty();
        assertThat(intent.members()).hasSize(3);
    }

    @Test
    void shouldRefuseWhenAMemberOfTheArrayHasADamagedBitmap()
    {
        final MdFixture fixture = new MdFixture("raid5");
        final ByteBuffer piece = fixture.piece(1);
        fixture.write(1, piece.putInt(8192, 0));

        final Unusable unusable = WriteIntent.read(fixture.members).unusable().orElseThrow();

        assertThat(unusable.cause()).isEqualTo(Cause.DAMAGED);
        assertThat(unusable.reason()).contains("raid51", "bitm");
    }

    /** A power cut between two superblocks leaves one an event behind; that member still heard of all writes. */
    @Test
    void shouldAcceptAMemberThatIsOneEventBehindAndNoMore()
    {
        final MdFixture fixture = new MdFixture("raid1");
        advance(fixture, 1);
        final WriteIntent one = WriteIntent.read(fixture.members);
        advance(fixture, 1);
        final WriteIntent two = WriteIntent.read(fixture.members);

        assertThat(one.members()).hasSize(2);
        assertThat(two.unusable().orElseThrow().cause()).isEqualTo(Cause.MEMBERS_MISSING);
    }

    @Test
    void shouldRefuseMembersOfTwoArrays()
    {
        final List<BlockDevice> mixed = new ArrayList<>(new MdFixture("raid1").members);
        mixed.addAll(new MdFixture("raid5").members);

        assertThat(WriteIntent.read(mixed).unusable().orElseThrow().cause()).isEqualTo(Cause.FOREIGN);
    }

    @ParameterizedTest
    @CsvSource({"none, NO_BITMAP", "ppl, PARTIAL_PARITY_LOG", "raid0, NO_BITMAP"})
    void shouldPassOnWhyThereIsNoBitmap(final String name, final Cause cause)
    {
        assertThat(WriteIntent.read(new MdFixture(name).members).unusable().orElseThrow().cause()).isEqualTo(cause);
    }

    @Test
    void shouldAnswerNothingForNothing()
    {
        final MemoryBlockDevice empty = new MemoryBlockDevice("empty", 1 << 20);

        assertThat(WriteIntent.read(List.of()).unusable().orElseThrow().cause()).isEqualTo(Cause.NO_SUPERBLOCK);
        assertThat(WriteIntent.read(List.of(empty)).unusable().orElseThrow().reason()).contains("empty: found no md");
    }

    private static void advance(final MdFixture fixture, final int events)
    {
        final ByteBuffer piece = fixture.piece(0);
        piece.putLong(4096 + 200, piece.getLong(4096 + 200) + events);
        piece.putLong(8192 + 24, piece.getLong(8192 + 24) + events);
        MdBitmapRefusalTest.sign(piece);
        fixture.write(0, piece);
    }

    private static void assertAllNamed(final MdFixture fixture, final WriteIntent intent)
    {
        final DirtyMap found = new DirtyMap(fixture.arrayBytes);
        intent.addTo(found);
        final DirtyMap written = new DirtyMap(fixture.arrayBytes);
        fixture.written.forEach((write) -> written.mark(write.offsetBytes(), write.lengthBytes()));
        final long before = found.count();
        written.drainTo(found);
        assertThat(found.count()).as("%s: nothing was written that was not named", fixture).isEqualTo(before);
        assertThat(before).isLessThan(found.granules() / 5);
    }
}
