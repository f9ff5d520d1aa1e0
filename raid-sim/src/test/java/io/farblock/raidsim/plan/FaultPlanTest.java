package io.farblock.raidsim.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.blockdev.Errno;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.disk.DiskFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans as text: every kind of fault with its keys, and everything that can be wrong, told at once. */
class FaultPlanTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldReadEveryKindWithItsKeys() throws PlanException
    {
        made("kind = \"loss\"\nerror = \"EIO\"", new DiskFault.Loss(Errno.EIO));
        made("kind = \"loss\"", new DiskFault.Loss(Errno.ENXIO));
        made("kind = \"drop-out\"\nfor = \"30s\"\noperations = 7", new DiskFault.DropOut(30_000_000_000L, 7));
        made("kind = \"latent-sectors\"\noffset = \"1GiB\"\nlength = 512", new DiskFault.LatentSectors(1 << 30, 512));
        made("kind = \"unwritable-sectors\"\noffset = 0", new DiskFault.UnwritableSectors(0, 4096));
        made("kind = \"lost-writes\"\ncount = 3", new DiskFault.LostWrites(3));
        made("kind = \"misdirected-writes\"\nshift = \"64KiB\"", new DiskFault.MisdirectedWrites(65_536, 1));
        made("kind = \"misdirected-reads\"", new DiskFault.MisdirectedReads(1 << 20, 1));
        made("kind = \"failing-flush\"\ncount = 2", new DiskFault.FailingFlush(2));
        made("kind = \"lying-flush\"", new DiskFault.LyingFlush());
        made("kind = \"link-errors\"\nretry = \"1ms\"", new DiskFault.LinkErrors(1, 1_000_000));
        made("kind = \"slow\"\nextra = \"0.5s\"", new DiskFault.Slow(500_000_000));
    }

    @Test
    void shouldDrawWhatThePlanLeavesOpen() throws PlanException
    {
        final PlannedFault planned = only("kind = \"bit-rot\"\nbits = 3\nlength = \"8KiB\"");
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++)
        {
            final DiskFault.BitRot rot = (DiskFault.BitRot)planned.maker().make(random);

            assertThat(rot.bitsPerSector()).isEqualTo(3);
            assertThat(rot.offsetBytes()).isBetween(0L, (1L << 40) - 8192).matches(offset -> offset % 4096 == 0);
        }
        assertThat(only("kind = \"torn-writes\"").maker().make(random)).isInstanceOf(DiskFault.TornWrites.class);
        assertThat(only("kind = \"stutter\"").maker().make(random)).isInstanceOf(DiskFault.Stutter.class);
    }

    @Test
    void shouldReadDisksTriggersAndLimits() throws PlanException
    {
        final FaultPlan plan = parse("""
            seed = -9
            [[fault]]
            disk = "sdc"
            kind = "loss"
            after-bytes = "1GiB"
            times = 4
            until = "2h"
            [[fault]]
            disk = 0
            kind = "loss"
            per-hour = 0.5
            """);

        assertThat(plan.seed()).isEqualTo(-9);
        final PlannedFault first = plan.faults().get(0);
        assertThat(first.disk()).isEqualTo(2);
        assertThat(first.trigger()).isEqualTo(new Trigger.AfterBytes(1 << 30));
        assertThat(first.times()).isEqualTo(4);
        assertThat(first.untilNs()).isEqualTo(7_200_000_000_000L);
        assertThat(first.line()).isEqualTo(2);
        assertThat(plan.faults().get(1).trigger()).isEqualTo(new Trigger.PerHour(0.5));
        assertThat(plan.faults().get(1).times()).isEqualTo(1_000);
    }

    @Test
    void shouldTellAllThatIsWrongAtOnce()
    {
        final List<String> lines = mistakes("""
            sed = 1
            [[fault]]
            disk = 3
            kind = "bitrot"
            at = "soon"
            [[fault]]
            disk = 1
            kind = "slow"
            offset = 5
            at = "1s"
            when = "array sad"
            [[fault]]
            disk = 1
            kind = "latent-sectors"
            offset = "1TiB"
            per-operation = 1.5
            times = 0
            [[fault]]
            disk = 1
            kind = "drop-out"
            at = "10s"
            until = "5s"
            times = 2
            [[fault]]
            disk = "sda"
            kind = "misdirected-writes"
            shift = 5000
            when = "rebuild is 4 %"
            """);

        assertThat(lines).hasSize(14);
        assertThat(lines.get(0)).isEqualTo(
            "plan.toml:1: sed: found \"sed\", expected one of seed, fault (remove or correct it)");
        assertThat(lines.get(1)).startsWith("plan.toml:3: fault.disk: found 3, expected a disk from 0 to 2");
        assertThat(lines.get(2)).contains("plan.toml:4: fault.kind: found \"bitrot\", expected one of loss, drop-out");
        assertThat(lines.get(3)).contains("plan.toml:5: fault.at: found \"soon\", expected a duration such as");
        assertThat(lines.get(4)).contains("plan.toml:9: fault.offset", "one of disk, kind, extra, at");
        assertThat(lines.get(5)).contains("plan.toml:11: fault.when", "exactly one of at, after-operations");
        assertThat(lines.get(6)).contains("plan.toml:15: fault.offset: found \"1TiB\", expected from 0 to");
        assertThat(lines.get(7)).contains("plan.toml:16: fault.per-operation: found 1.5, expected a number above 0");
        assertThat(lines.get(8)).contains("plan.toml:17: fault.times: found 0, expected a whole number from 1");
        assertThat(lines.get(9)).contains("plan.toml:18: fault.for: found nothing");
        assertThat(lines.get(10)).contains("plan.toml:22: fault.until: found \"5s\", expected a time after");
        assertThat(lines.get(11)).contains("plan.toml:23: fault.times: found 2");
        assertThat(lines.get(12)).contains("fault.shift: found 5000, expected a multiple of 4096");
        assertThat(lines.get(13)).contains("fault.when: found \"rebuild is 4 %\", expected one of < <= > >=");
    }

    @Test
    void shouldRefuseWhatIsNoPlan() throws IOException
    {
        final Path binary = directory.resolve("binary");
        Files.write(binary, new byte[]{(byte)0xff, (byte)0xfe});

        assertThat(mistakes("")).singleElement().asString().contains("plan.toml:1: fault: found nothing");
        assertThat(mistakes("fault = 3")).singleElement().asString().contains("fault: found 3");
        assertThat(mistakes("[[fault]\ndisk = 1")).singleElement().asString().contains("plan.toml:1: syntax");
        assertThat(mistakes("[".repeat(100_000))).isNotEmpty();
        assertThat(unreadable(binary)).singleElement().asString().contains("binary data");
        assertThat(unreadable(directory.resolve("missing"))).singleElement().asString().contains("NoSuchFile");
    }

    @Test
    void shouldAnswerAnyDamageWithWords()
    {
        final String whole = "seed = 1\n[[fault]]\ndisk = 1\nkind = \"bit-rot\"\nwhen = \"rebuild >= 4 %\"\n";
        final SplittableRandom random = new SplittableRandom(5);
        final String others = "[]{}\"'=.#\n-1e_ %<\u0000\u20ac";
        for (int i = 0; i < 100; i++)
        {
            final StringBuilder damaged = new StringBuilder(whole);
            for (int j = 0; j <= i % 4; j++)
            {
                damaged.setCharAt(random.nextInt(whole.length()), others.charAt(random.nextInt(others.length())));
            }

            final Throwable thrown = catchThrowable(() -> parse(damaged.toString()));

            assertThat(thrown == null || thrown instanceof PlanException).as("%s of %s", thrown, damaged).isTrue();
        }
    }

    @Test
    void shouldHaveEveryKindAndKeyInTheManual() throws IOException
    {
        final String manual = Files.readString(Path.of("src/docs/design/002-disks-and-faults.md"));

        for (final FaultKind kind : FaultKind.values())
        {
            final String row = Pattern.compile("^\\| `" + kind.text() + "` .*$", Pattern.MULTILINE).matcher(manual)
                .results().map(match -> match.group()).findFirst().orElse("");
            assertThat(row).as("the row of " + kind.text()).isNotEmpty();
            assertThat(kind.keys()).allMatch(key -> row.contains('`' + key + '`'));
        }
    }

    private static void made(final String keys, final DiskFault expected) throws PlanException
    {
        final PlannedFault planned = only(keys);
        final DiskFault first = planned.maker().make(new SplittableRandom(1));

        assertThat(first).isEqualTo(expected).isNotSameAs(planned.maker().make(new SplittableRandom(1)));
    }

    private static PlannedFault only(final String keys) throws PlanException
    {
        return parse("[[fault]]\ndisk = 1\nat = \"1s\"\n" + keys).faults().get(0);
    }

    private static FaultPlan parse(final String text) throws PlanException
    {
        return FaultPlan.parse("plan.toml", text, FakeArray.DISKS);
    }

    private static List<String> mistakes(final String text)
    {
        return catchThrowableOfType(PlanException.class, () -> parse(text)).lines();
    }

    private static List<String> unreadable(final Path file)
    {
        return catchThrowableOfType(PlanException.class, () -> FaultPlan.read(file, FakeArray.DISKS)).lines();
    }
}
