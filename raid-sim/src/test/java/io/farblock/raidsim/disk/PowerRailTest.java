package io.farblock.raidsim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.powersim.CutReport;
import io.farblock.powersim.PowerRail;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Disks on one power line go together: whoever finds one without power finds no other that has it. */
class PowerRailTest
{
    private final List<SimDisk> disks = List.of(disk("a"), disk("b"), disk("c"));
    private final PowerRail rail = new PowerRail(disks);

    @RepeatedTest(20)
    void shouldTakeAllAtTheSameMoment()
    {
        final AtomicLong requests = new AtomicLong();
        final AtomicInteger stillOn = new AtomicInteger();
        final CompletableFuture<Void> user = CompletableFuture.runAsync(() ->
        {
            int last = 0;
            for (int i = 0; last != -Errno.ENXIO; i++)
            {
                last = disks.get(i % disks.size()).flush();
                requests.incrementAndGet();
            }
            disks.forEach((disk) -> stillOn.addAndGet(disk.flush() == -Errno.ENXIO ? 0 : 1));
        });
        while (requests.get() < 100)
        {
            Thread.onSpinWait();
        }

        final List<CutReport> cuts = rail.drop(7);
        user.join();

        assertThat(stillOn).as("disks that had power after one had none").hasValue(0);
        assertThat(cuts).extracting(CutReport::seed).containsExactly(7L, 8L, 9L);
    }

    @Test
    void shouldRefuseASecondCut()
    {
        rail.drop(1);

        assertThatThrownBy(() -> rail.drop(2)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("a has no power already");
    }

    private static SimDisk disk(final String name)
    {
        return new SimDisk(new MemoryBlockDevice(name, 1 << 16), DiskSetup.plain());
    }
}
