package io.farblock.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo's pieces, each by itself. */
@Timeout(60)
class DemoPartsTest
{
    @TempDir
    private Path directory;
    private long nowNs = 1;

    @Test
    void shouldNameTheFirstDifference() throws IOException
    {
        final byte[] bytes = new byte[(2 << 20) + 17];
        final Path left = Files.write(directory.resolve("left"), bytes);
        bytes[(1 << 20) + 3] = 1;
        final Path right = Files.write(directory.resolve("right"), bytes);

        final DeviceCompare compare = DeviceCompare.of(left, right);

        assertThat(compare.equal()).isFalse();
        assertThat(compare.firstDifference()).isEqualTo((1 << 20) + 3);
        assertThat(compare.leftSha256()).hasSize(64).isNotEqualTo(compare.rightSha256());
    }

    @Test
    void shouldCallALongerDeviceDifferent() throws IOException
    {
        final Path left = Files.write(directory.resolve("left"), new byte[100]);
        final Path right = Files.write(directory.resolve("right"), new byte[101]);

        final DeviceCompare compare = DeviceCompare.of(left, right);

        assertThat(compare.equal()).isFalse();
        assertThat(compare.firstDifference()).isEqualTo(100);
    }

    @Test
    void shouldCallEqualDevicesEqual() throws IOException
    {
        final Path left = Files.write(directory.resolve("left"), new byte[1 << 20]);
        final Path right = Files.write(directory.resolve("right"), new byte[1 << 20]);

        assertThat(DeviceCompare.of(left, right).equal()).isTrue();
    }

    @Test
    void shouldChangeExactlyAsManyBlocksAsItSays() throws Exception
    {
        final DemoImage image = new DemoImage(directory.resolve("image"), 16 << 20, 5);
        image.make(directory.resolve("content"));
        final byte[] before = Files.readAllBytes(image.file());

        final long changed = image.change(9);

        final byte[] after = Files.readAllBytes(image.file());
        int differing = 0;
        for (int at = 0; at < after.length; at += DemoImage.BLOCK_BYTES)
        {
            differing += java.util.Arrays.equals(before, at, at + DemoImage.BLOCK_BYTES,
                after, at, at + DemoImage.BLOCK_BYTES) ? 0 : 1;
        }
        assertThat(differing).isEqualTo(9);
        assertThat(changed).isEqualTo(9L * DemoImage.BLOCK_BYTES);
        assertThat(after).hasSize(16 << 20);
        assertThat(directory.resolve("content")).doesNotExist();
    }

    @Test
    void shouldSpreadBytesOverTime()
    {
        final ByteBudget budget = new ByteBudget(() -> nowNs);
        assertThat(budget.takeNs(1 << 30)).isZero();
        budget.limit(1000);

        assertThat(budget.takeNs(500)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
        nowNs += TimeUnit.MILLISECONDS.toNanos(400);
        assertThat(budget.takeNs(100)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
        nowNs += TimeUnit.SECONDS.toNanos(100);
        assertThat(budget.takeNs(50)).isZero();
        assertThat(budget.takeNs(1000)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1000));
    }

    @Test
    void shouldMakeAFaultHappenInMidEpochOnly() throws Exception
    {
        final AtomicInteger percent = new AtomicInteger();
        final AtomicInteger at = new AtomicInteger();
        final FaultTrigger trigger = new FaultTrigger(() -> percent.get() / 100.0,
            List.of(new Fault(0.3, 0.8, share -> at.set((int)(100 * share)))));
        try (trigger)
        {
            trigger.launch();
            percent.set(50);
            await(() -> at.get() == 50);
        }
        assertThat(trigger.happened()).isEqualTo(1);
    }

    @Test
    void shouldNotMakeAFaultHappenThatComesTooLate()
    {
        final FaultTrigger trigger = new FaultTrigger(() -> 0.95, List.of(new Fault(0.3, 0.8, share ->
            Thread.currentThread().interrupt())));
        try (trigger)
        {
            trigger.launch();
        }

        assertThat(trigger.happened()).isZero();
        assertThat(trigger.failure()).isNull();
    }

    @Test
    void shouldReportAFaultThatCannotBeMade() throws Exception
    {
        final AtomicInteger asked = new AtomicInteger();
        final FaultTrigger trigger = new FaultTrigger(() -> 0.5, List.of(new Fault(0.3, 0.8, share ->
        {
            asked.incrementAndGet();
            throw new IOException("no such process");
        })));
        try (trigger)
        {
            trigger.launch();
            await(() -> asked.get() > 0);
        }

        assertThat(trigger.failure()).hasMessage("no such process");
        assertThat(trigger.happened()).isZero();
    }

    @Test
    void shouldPrintPlainLinesOffATerminal()
    {
        final StringWriter output = new StringWriter();
        final DemoScreen screen = new DemoScreen(new PrintWriter(output), false, () -> nowNs);
        screen.begin("full");
        for (int percent = 0; percent <= 100; percent++)
        {
            nowNs += TimeUnit.MILLISECONDS.toNanos(100);
            screen.update(percent << 20, 100 << 20, percent < 50 ? 0 : 2.5);
        }
        screen.end();

        assertThat(output.toString().lines()).hasSizeBetween(9, 12).first().asString()
            .isEqualTo("  full: 9 %  9 MiB of 100 MiB  9 MiB/s  ratio unknown  ETA 10.1 s");
        assertThat(output.toString()).contains("ratio 2.5").doesNotContain("\r");
    }

    @Test
    void shouldDrawABarOnATerminal()
    {
        final StringWriter output = new StringWriter();
        final DemoScreen screen = new DemoScreen(new PrintWriter(output), true, () -> nowNs);
        screen.begin("full");
        screen.update(40 << 20, 100 << 20, 2.5);
        screen.say("something happens");
        screen.update(100 << 20, 100 << 20, 2.5);
        screen.end();

        assertThat(output.toString()).contains("full").contains("something happens\n").contains("100%");
    }

    @Test
    void shouldStartTheSameProgramWithTheSameFlags()
    {
        final List<String> command = SelfCommand.of("a.Main", "daemon");

        assertThat(command.get(0)).isEqualTo(System.getProperty("java.home") + "/bin/java");
        assertThat(command).contains("-Djnr.ffi.x86asm.enabled=false", "-cp").endsWith("a.Main", "daemon");
    }

    private static void await(final java.util.function.BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean())
        {
            assertThat(System.nanoTime()).isLessThan(deadlineNs);
            Thread.onSpinWait();
        }
    }
}
