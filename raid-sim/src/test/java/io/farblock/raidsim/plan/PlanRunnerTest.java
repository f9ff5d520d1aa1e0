package io.farblock.raidsim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.raidsim.disk.DiskSetup;
import io.farblock.raidsim.disk.FaultHit;
import io.farblock.raidsim.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each trigger: when it strikes, how often, and what the log says. */
class PlanRunnerTest
{
    private final FakeArray array = new FakeArray();
    private final List<String> log = new ArrayList<>();

    @Test
    void shouldInjectAtATimeAndTakeItBackAtAnother() throws PlanException
    {
        array.seconds(1_000);
        final PlanRunner runner = runner("kind = \"slow\"\nat = \"90s\"\nuntil = \"100s\"");
        final int[] injected = new int[4];
        for (int i = 0; i < 4; i++)
        {
            array.seconds(1_000 + new int[]{89, 90, 99, 100}[i]);
            runner.step();
            injected[i] = array.injected.size();
        }

        assertThat(injected).containsExactly(0, 1, 1, 1);
        assertThat(array.healed).singleElement().isSameAs(array.injected.get(0));
        assertThat(log).containsExactly(
            "inject time=90.000s disk=1 fault=\"Slow[extraNs=50000000]\" reason=\"at = 90s, plan.toml:1\"",
            "heal time=100.000s disk=1 fault=\"Slow[extraNs=50000000]\" reason=\"until, line 1\"");
    }

    @Test
    void shouldInjectEverySoManyOperationsAndBytes() throws PlanException
    {
        array.operations[1] = 500;
        final PlanRunner operations = runner("kind = \"lost-writes\"\nafter-operations = 100\ntimes = 3");
        final PlanRunner bytes = runner("kind = \"lost-writes\"\nafter-bytes = \"1MiB\"");
        final int[] injected = new int[4];
        for (int i = 0; i < 4; i++)
        {
            array.operations[1] = new int[]{599, 600, 750, 2_000}[i];
            operations.step();
            injected[i] = array.injected.size();
        }

        array.bytes[1] = 1 << 20;
        bytes.step();

        assertThat(injected).containsExactly(0, 1, 2, 3);
        assertThat(bytes.injected()).isEqualTo(1);
        assertThat(array.disks).containsOnly(1);
    }

    @Test
    void shouldInjectEachTimeAConditionBeginsToHold() throws PlanException
    {
        final PlanRunner runner = runner("kind = \"loss\"\nwhen = \"array degraded\"\ntimes = 2");
        final List<Integer> injected = new ArrayList<>();
        for (final ArrayState state : List.of(ArrayState.CLEAN, ArrayState.DEGRADED, ArrayState.DEGRADED,
            ArrayState.REBUILDING, ArrayState.DEGRADED, ArrayState.CLEAN, ArrayState.DEGRADED))
        {
            array.state = state;
            runner.step();
            injected.add(array.injected.size());
        }

        assertThat(injected).containsExactly(0, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void shouldInjectAsOftenAnHourAsAskedHoweverItIsStepped() throws PlanException
    {
        final long[] counts = new long[2];
        final long[] steps = {60, 7 * 3600};
        for (int i = 0; i < 2; i++)
        {
            array.nowNs = 0;
            final PlanRunner runner = runner("kind = \"latent-sectors\"\nper-hour = 2\ntimes = 10000");
            for (long second = 0; second <= 1_001 * 3600; second += steps[i])
            {
                array.seconds(second);
                runner.step();
            }
            counts[i] = runner.injected();
        }

        assertThat(counts[0]).isBetween(1_850L, 2_150L).isEqualTo(counts[1]);
    }

    @Test
    void shouldInjectWithTheProbabilityOfEachOperation() throws PlanException
    {
        final PlanRunner rare = runner("kind = \"torn-writes\"\nper-operation = 0.01\ntimes = 10000");
        for (int i = 1; i <= 100_000; i++)
        {
            array.operations[1] = i;
            rare.step();
        }
        final PlanRunner always = runner("kind = \"torn-writes\"\nper-operation = 1");
        array.operations[1] += 10;

        always.step();

        assertThat(rare.injected()).isBetween(900L, 1_100L);
        assertThat(always.injected()).isEqualTo(10);
    }

    @Test
    void shouldRepeatItselfUnderTheSameSeedOnly() throws PlanException
    {
        final List<List<DiskFault>> rounds = new ArrayList<>();
        for (final long seed : new long[]{1, 1, 2})
        {
            final FakeArray fresh = new FakeArray();
            final PlanRunner runner = new PlanRunner(
                plan("kind = \"bit-rot\"\nper-hour = 1").withSeed(seed), fresh, line -> { });
            fresh.seconds(100 * 3600);
            runner.step();
            rounds.add(fresh.injected);
        }

        assertThat(rounds.get(0)).isNotEmpty().isEqualTo(rounds.get(1)).isNotEqualTo(rounds.get(2));
    }

    @Test
    void shouldLogTheFirstRequestThatAFaultStrikesAndNoOther() throws PlanException
    {
        final PlanRunner runner = runner("kind = \"lost-writes\"\ncount = 2\nat = \"0s\"");
        final SimDisk disk = new SimDisk(new MemoryBlockDevice("memory", 1 << 20),
            DiskSetup.plain().withListener(hit -> runner.hit(1, hit)));
        final DiskFault foreign = new DiskFault.FailingFlush(1);
        runner.step();
        disk.inject(array.injected.get(0));
        disk.inject(foreign);

        disk.flush();
        new DeviceBytes(disk).write(4096, new byte[512]);
        new DeviceBytes(disk).write(8192, new byte[512]);

        assertThat(disk.hits()).extracting(FaultHit::fault).hasSize(3).contains(foreign);
        assertThat(log).hasSize(2);
        assertThat(log.get(1)).isEqualTo("hit time=0.000s disk=1 fault=\"LostWrites[times=2]\" operation=WRITE " +
            "offset=4096 length=512 answer=silent");
    }

    private PlanRunner runner(final String keys) throws PlanException
    {
        return new PlanRunner(plan(keys), array, log::add);
    }

    private static FaultPlan plan(final String keys) throws PlanException
    {
        return FaultPlan.parse("plan.toml", "[[fault]]\ndisk = 1\n" + keys, FakeArray.DISKS);
    }
}
