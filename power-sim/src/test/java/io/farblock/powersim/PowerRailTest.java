package io.farblock.powersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Things on one power line go together, and come back together. */
class PowerRailTest
{
    private final List<VolatileDevice> disks = List.of(disk("a"), disk("b"), disk("c"));
    private final PowerRail rail = new PowerRail(disks);

    @RepeatedTest(20)
    void shouldTakeAllAtTheSameMoment()
    {
        final AtomicLong requests = new AtomicLong();
        final AtomicInteger stillOn = new AtomicInteger();
        final CompletableFuture<Void> user = CompletableFuture.runAsync(() ->
        {
            int last = 0;
            for (int i = 0; last != -Errno.EIO; i++)
            {
                last = disks.get(i % disks.size()).flush();
                requests.incrementAndGet();
            }
            disks.forEach(disk -> stillOn.addAndGet(disk.flush() == -Errno.EIO ? 0 : 1));
        });
        while (requests.get() < 100)
        {
            Thread.onSpinWait();
        }

        final List<CutReport> reports = rail.drop(7);
        user.join();

        assertThat(stillOn).as("disks that had power after one had none").hasValue(0);
        assertThat(reports).extracting(CutReport::seed).containsExactly(7L, 8L, 9L);
    }

    @Test
    void shouldCutNothingWhereOneIsCutAlready()
    {
        disks.get(1).cut(1);

        assertThatThrownBy(() -> rail.drop(2)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("volatile b has no power already");
        assertThat(disks.get(0).isDead()).isFalse();
        rail.restore();
        assertThat(disks).noneMatch(VolatileDevice::isDead);
    }

    @Test
    void shouldRefuseASecondPlug()
    {
        assertThatThrownBy(() -> rail.plug(disks.get(0))).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("volatile a is plugged already");
    }

    @Test
    void shouldKillAHostWhileItsDisksAreHeldAndStartItAfterThem()
    {
        final List<Long> pids = new ArrayList<>();
        final PowerRail whole = new PowerRail();
        try (PoweredProcess host = new PoweredProcess("host", () ->
        {
            assertThat(disks).as("a host that starts has its disks").noneMatch(VolatileDevice::isDead);
            final Process process = new ProcessBuilder("sleep", "600").start();
            pids.add(process.pid());
            return process;
        }))
        {
            whole.plug(host);
            disks.forEach(whole::plug);
            final Process first = host.process();

            final List<CutReport> reports = whole.drop(5);

            assertThat(first.isAlive()).isFalse();
            assertThat(host.process()).isNull();
            assertThat(reports.get(0)).isEqualTo(CutReport.nothing(5));
            whole.restore();
            assertThat(host.process().isAlive()).isTrue();
            assertThat(pids).hasSize(2).doesNotHaveDuplicates();
        }
    }

    private static VolatileDevice disk(final String name)
    {
        return new VolatileDevice(new MemoryBlockDevice(name, 1 << 16));
    }
}
