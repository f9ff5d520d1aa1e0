package io.farblock.raidsim.md;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real md takes over arrays that were simulated, whole and with a member missing: it reads the same, finds all parity
 * and copies right, writes; and what it wrote is there when the simulation goes on. One boot for all arrays.
 */
@Tag("vm")
@Timeout(300)
class MdTakeoverTest
{
    private static final long SEED = 20261122;
    private static final int PATCH_GRANULES = 75;

    @TempDir
    private static Path directory;
    private static final Map<String, byte[]> CONTENTS = new HashMap<>();
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
    static void takeOver() throws IOException, InterruptedException
    {
        MdGuest.require();
        final SplittableRandom random = new SplittableRandom(SEED);
        for (final ArrayKind kind : ArrayKind.ALL)
        {
            simulate(kind, kind.name(), random, -1);
            if (kind.canLoseOne())
            {
                simulate(kind, degraded(kind), random, random.nextInt(kind.raidDisks()));
            }
        }
        report = MdGuest.run(directory, "takeover.guest.sh", 200);
    }

    private static void simulate(
        final ArrayKind kind, final String name, final SplittableRandom random, final int lost) throws IOException
    {
        final Path place = Files.createDirectories(directory.resolve("arrays").resolve(name));
        try (SimulatedArray array = new SimulatedArray(kind, place, true))
        {
            final byte[] content = new byte[(int)array.size()];
            random.nextBytes(content);
            array.write(content);
            array.settle();
            if (lost >= 0)
            {
                array.fail(lost);
                random.nextBytes(content);
                array.write(content);
                array.settle();
            }
            CONTENTS.put(name, content);
            final byte[] patch = new byte[PATCH_GRANULES * 4096];
            final int at = random.nextInt(content.length / 4096 - PATCH_GRANULES);
            random.nextBytes(patch);
            Files.write(place.resolve("patch"), patch);
            Files.writeString(place.resolve("at"), Integer.toString(at));
        }
    }

    private static String degraded(final ArrayKind kind)
    {
        return kind.name() + "-degraded";
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldBeReadByMd(final ArrayKind kind)
    {
        assertThat(report.get(kind + " assembled")).contains("has been started with " + kind.raidDisks() + " drives");
        assertThat(report.get(kind + " degraded")).isEqualTo("0");
        assertThat(report.get(kind + " action")).isIn("idle", "none");
        assertThat(report.get(kind + " read")).isEqualTo(digest(CONTENTS.get(kind.name())));
        assertThat(report.getOrDefault(kind + " mismatches", "0")).isEqualTo("0");
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldBeReadByMdWithoutAMember(final ArrayKind kind)
    {
        final String name = degraded(kind);

        assertThat(report.get(name + " degraded")).isEqualTo("1");
        assertThat(report.get(name + " read")).isEqualTo(digest(CONTENTS.get(name)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldGoOnAfterMd(final ArrayKind kind) throws IOException
    {
        assertThat(goOn(kind, kind.name())).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("redundantKinds")
    void shouldGoOnWithoutAMemberAfterMd(final ArrayKind kind) throws IOException
    {
        assertThat(goOn(kind, degraded(kind))).isEqualTo(-1);
    }

    /** The first byte that is not what the simulation and then md wrote, or -1. */
    private static int goOn(final ArrayKind kind, final String name) throws IOException
    {
        final Path place = directory.resolve("arrays").resolve(name);
        final byte[] expected = CONTENTS.get(name).clone();
        final byte[] patch = Files.readAllBytes(place.resolve("patch"));
        final int at = Integer.parseInt(Files.readString(place.resolve("at")));
        System.arraycopy(patch, 0, expected, at * 4096, patch.length);
        try (SimulatedArray array = new SimulatedArray(kind, place, false))
        {
            return java.util.Arrays.mismatch(expected, array.read());
        }
    }

    private static String digest(final byte[] content)
    {
        try
        {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
