package io.farblock.raidsim.md;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.raidsim.array.RaidException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real md takes over arrays that were simulated: stopped in order, without a member, after a cut of the power in
 * mid-write, in the middle of a rebuild. It reads the same, finds all copies and parity right, writes; and the
 * simulation goes on with what it wrote. One boot for all arrays.
 */
@Tag("vm")
@Timeout(500)
class MdTakeoverTest
{
    private static final long SEED = 20261122;
    private static final int GRANULE_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final int PATCH_GRANULES = 75;
    private static final ByteRange BAD = new ByteRange(64 << 10, GRANULE_BYTES);

    @TempDir
    private static Path directory;
    private static Map<String, String> report;

    static Stream<ArrayKind> kinds()
    {
        return ArrayKind.ALL.stream();
    }

    static Stream<ArrayKind> redundantKinds()
    {
        return kinds().filter(ArrayKind::canLoseOne);
    }

    @BeforeAll
    static void takeOver() throws IOException, InterruptedException, RaidException
    {
        MdGuest.require();
        final SplittableRandom random = new SplittableRandom(SEED);
        for (final ArrayKind kind : ArrayKind.ALL)
        {
            simulate(kind, "", random);
            if (kind.canLoseOne())
            {
                simulate(kind, "-degraded", random);
                simulate(kind, "-cut", random);
                simulate(kind, "-rebuilding", random);
            }
        }
        simulate(kinds().filter((kind) -> kind.name().equals("raid1")).findFirst().orElseThrow(), "-bad", random);
        spoil(place("raid1-bad").resolve("member.0"));
        report = MdGuest.run(directory, "takeover.guest.sh", 400);
    }

    private static void simulate(final ArrayKind kind, final String how, final SplittableRandom random)
        throws IOException, RaidException
    {
        final String name = kind + how;
        final Path place = Files.createDirectories(place(name));
        try (SimulatedArray array = SimulatedArray.create(kind, place))
        {
            array.writeAll(random);
            array.writeHereAndThere(random, 20);
            if (how.equals("-degraded"))
            {
                array.array.fail(random.nextInt(kind.raidDisks()));
                array.writeHereAndThere(random, 20);
            }
            if (how.equals("-cut"))
            {
                array.rest();
                array.cut(random);
            }
            if (how.equals("-rebuilding"))
            {
                array.array.fail(random.nextInt(kind.raidDisks()));
                array.writeHereAndThere(random, 5);
                array.rebuildInPart(place);
            }
            Files.write(place.resolve("written"), array.content);
            Files.write(place.resolve("earlier"), array.earlier);
        }
        final byte[] patch = new byte[PATCH_GRANULES * GRANULE_BYTES];
        random.nextBytes(patch);
        Files.write(place.resolve("patch"), patch);
        Files.writeString(place.resolve("at"),
            Long.toString(random.nextLong(Files.size(place.resolve("written")) / GRANULE_BYTES - PATCH_GRANULES)));
    }

    /** A page of a member's data is wrong, and is logged as such. */
    private static void spoil(final Path image) throws IOException
    {
        try (BlockDevice disk = LinuxBlockDevice.open(image, OpenMode.readWrite().buffered()))
        {
            final Found.Member member = (Found.Member)MemberFormat.read(disk);
            disk.zero(member.record().dataOffsetBytes() + BAD.offsetBytes(), BAD.lengthBytes());
            assertThat(MemberFormat.writeSuperblock(disk, member.array(), member.record(), List.of(BAD)))
                .isPositive();
        }
    }

    private static Path place(final String name)
    {
        return directory.resolve("arrays").resolve(name);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldBeReadByMd(final ArrayKind kind) throws IOException
    {
        assertThat(report.get(kind + " assembled")).contains("has been started with " + kind.raidDisks() + " drives.");
        assertThat(report.get(kind + " degraded")).isEqualTo("0");
        assertThat(report.get(kind + " action")).isIn("idle", "none");
        assertThat(Arrays.mismatch(read(kind.name()), written(kind.name()))).as(kind.name()).isEqualTo(-1);
        assertThat(report.getOrDefault(kind + " mismatches", "0")).isEqualTo("0");
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldBeReadByMdWithoutAMember(final ArrayKind kind) throws IOException
    {
        final String name = kind + "-degraded";

        assertThat(report.get(name + " assembled")).contains((kind.raidDisks() - 1) + " drive", "out of");
        assertThat(report.get(name + " degraded")).isEqualTo("1");
        assertThat(Arrays.mismatch(read(name), written(name))).as(name).isEqualTo(-1);
    }

    /** What was being written when the power went may be there or not, sector by sector; md puts the parity right. */
    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldBeResyncedByMdAfterACut(final ArrayKind kind) throws IOException
    {
        final String name = kind + "-cut";

        assertThat(report.get(name + " unclean")).isEqualTo(Integer.toString(kind.raidDisks()));
        assertThat(report.get(name + " degraded")).isEqualTo("0");
        final byte[] found = read(name);
        final byte[] written = written(name);
        final byte[] earlier = Files.readAllBytes(place(name).resolve("earlier"));
        for (int at = 0; at < found.length; at += SECTOR_BYTES)
        {
            assertThat(Arrays.equals(found, at, at + SECTOR_BYTES, written, at, at + SECTOR_BYTES) ||
                Arrays.equals(found, at, at + SECTOR_BYTES, earlier, at, at + SECTOR_BYTES))
                .as("%s: sector at %d holds what was written, or what was there", name, at).isTrue();
        }
        assertThat(report.get(name + " mismatches")).isEqualTo("0");
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldBeRebuiltByMdFromWhereItWas(final ArrayKind kind) throws IOException
    {
        final String name = kind + "-rebuilding";

        assertThat(report.get(name + " assembled")).contains("rebuilding");
        assertThat(Arrays.mismatch(read(name), written(name))).as(name).isEqualTo(-1);
        assertThat(report.get(name + " mismatches")).isEqualTo("0");
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldGoOnAfterMdRebuilt(final ArrayKind kind) throws IOException, RaidException
    {
        goOn(kind + "-rebuilding", place(kind + "-rebuilding"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldGoOnAfterMd(final ArrayKind kind) throws IOException, RaidException
    {
        goOn(kind.name(), place(kind.name()));
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldGoOnWhereMdWasCut(final ArrayKind kind) throws IOException, RaidException
    {
        final Path place = place(kind.name()).resolve("running");

        requireUnclean(place);
        goOn(kind.name(), place);
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldGoOnAfterMdResynced(final ArrayKind kind) throws IOException, RaidException
    {
        goOn(kind + "-cut", place(kind + "-cut"));
    }

    @Test
    void shouldLeaveAsideWhatIsLoggedAsBad() throws IOException, RaidException
    {
        final long sector = MemberFormat.dataOffsetBytes(SimulatedArray.MEMBER_BYTES, 0, GRANULE_BYTES) / SECTOR_BYTES +
            BAD.offsetBytes() / SECTOR_BYTES;

        assertThat(report.get("raid1-bad bad")).contains(sector + " " + BAD.lengthBytes() / SECTOR_BYTES);
        assertThat(Arrays.mismatch(read("raid1-bad"), written("raid1-bad"))).isEqualTo(-1);
        goOn("raid1-bad", place("raid1-bad"));
    }

    /** A bitmap that both of them kept while the member was away says what it missed. */
    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldTakeBackAMemberThatMdWentOnWithout(final ArrayKind kind) throws IOException, RaidException
    {
        final String name = kind + "-degraded";
        try (SimulatedArray array = SimulatedArray.open(place(name)))
        {
            assertThat(Arrays.mismatch(array.read(), expected(name))).as(name).isEqualTo(-1);
            final String lost = array.array.describe().members().stream()
                .filter((member) -> member.slot() < 0).findFirst().orElseThrow().name();

            final BlockDevice disk = array.array.remove(lost);
            array.array.add(disk);
            array.rest();

            assertThat(array.array.describe().degraded()).isZero();
            assertThat(array.mismatchSectors()).isZero();
            assertThat(Arrays.mismatch(array.read(), expected(name))).as(name).isEqualTo(-1);
        }
    }

    private static void requireUnclean(final Path place) throws IOException
    {
        for (int i = 0; Files.exists(place.resolve("member." + i)); i++)
        {
            try (BlockDevice disk = LinuxBlockDevice.open(place.resolve("member." + i), OpenMode.readOnly().buffered()))
            {
                final Found.Member found = (Found.Member)MemberFormat.read(disk);

                assertThat(found.record().resyncOffsetBytes()).isNotEqualTo(MemberRecord.CLEAN);
                assertThat(found.bitmap().bits().isEmpty()).isEqualTo(found.array().bitmapChunkBytes() == 0);
            }
        }
    }

    private static void goOn(final String name, final Path place) throws IOException, RaidException
    {
        try (SimulatedArray array = SimulatedArray.open(place))
        {
            assertThat(Arrays.mismatch(array.read(), expected(name))).as(name).isEqualTo(-1);

            array.rest();

            assertThat(Arrays.mismatch(array.read(), expected(name))).as(name).isEqualTo(-1);
            if (array.array.describe().degraded() >= 0)
            {
                assertThat(array.array.describe().degraded()).isZero();
                assertThat(array.mismatchSectors()).isZero();
            }
        }
    }

    /** What md read before it wrote. */
    private static byte[] read(final String name) throws IOException
    {
        return Files.readAllBytes(place(name).resolve("content"));
    }

    /** What the simulation wrote. */
    private static byte[] written(final String name) throws IOException
    {
        return Files.readAllBytes(place(name).resolve("written"));
    }

    /** What md read, and then its own writing. */
    private static byte[] expected(final String name) throws IOException
    {
        final byte[] expected = read(name);
        final byte[] patch = Files.readAllBytes(place(name).resolve("patch"));
        final int at = Integer.parseInt(Files.readString(place(name).resolve("at"))) * GRANULE_BYTES;
        System.arraycopy(patch, 0, expected, at, patch.length);
        return expected;
    }
}
