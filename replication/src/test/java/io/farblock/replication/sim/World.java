package io.farblock.replication.sim;

import io.farblock.replication.sim.SimNetwork.Death;
import io.farblock.replication.source.EarlyTracking;
import io.farblock.replication.source.SourceRuntime;
import io.farblock.replication.source.SteppedSource;
import io.farblock.replication.target.SteppedTarget;
import io.farblock.replication.target.TargetRuntime;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.Agent;

/**
 * Both sites, their disks, the network and the time, stepped by one thread from one seed. A site is alive or it is not;
 * its disks and its state directory are there in any case.
 */
final class World
{
    private static final int STEPS_BEFORE_IDLE_NS = 100_000;
    private static final int IDLE_NS = 10_000_000;
    private static final int LOG_LINES = 60;

    final Random random;
    final SimClock clock;
    final SimNetwork network;
    final Scenario scenario;
    final Map<Path, SimDisk> sourceDisks = SimStorage.disks();
    final Map<Path, SimDisk> targetDisks = SimStorage.disks();
    final SimApplication application;
    final ReplicaChecker checker = new ReplicaChecker();
    /** False while a fault of a disk may keep a start of the target from recovering. */
    boolean healthyTargetDisks = true;
    SteppedSource source;
    SteppedTarget target;
    long steps;
    long kills;
    /** Starts of the source's machine after which not everything was compared. */
    long narrowedBoots;

    private final List<String> log = new ArrayList<>();
    private final List<Agent> order = new ArrayList<>();
    private final SimMachine sourceMachine;
    private final SimMachine targetMachine;
    private SimHost sourceHost;
    private SimHost targetHost;
    private int lazy;

    /** @param arrays whether the source's volumes are. */
    World(final Path directory, final long seed, final boolean held, final boolean arrays)
    {
        random = new Random(seed);
        clock = new SimClock(random.nextLong());
        network = new SimNetwork(clock, random);
        application = new SimApplication(random);
        scenario = new Scenario(directory, random, held);
        scenario.paths.forEach(network::add);
        for (int i = 0; i < scenario.sizes.length; i++)
        {
            final Path device = Path.of("/sim/source" + i);
            final long arraySeed = seed << 8 | i;
            sourceDisks.put(device, new SimDisk(device.toString(), scenario.sizes[i],
                model -> arrays ? new SimArray(model, clock, arraySeed) : null));
            sourceDisks.get(device).beforeRead = application::mayWrite;
            sourceDisks.get(device).marks.clock(clock::nanoTime);
        }
        sourceMachine = new SimMachine(clock, sourceDisks);
        targetMachine = new SimMachine(clock, targetDisks);
    }

    SimDisk sourceDisk(final int volume)
    {
        return sourceDisks.get(Path.of("/sim/source" + volume));
    }

    /** Null before the target made it. */
    SimDisk replicaDisk(final int volume)
    {
        return targetDisks.get(Path.of("/sim/replica" + volume));
    }

    /** Where a site keeps the digests of a volume. */
    SimDisk table(final Map<Path, SimDisk> disks, final int volume)
    {
        return disks.get(disks.keySet().stream()
            .filter(path -> path.endsWith("disk" + volume + "/table")).findFirst().orElseThrow());
    }

    byte[][] sourceContent()
    {
        final byte[][] content = new byte[scenario.sizes.length][];
        for (int i = 0; i < content.length; i++)
        {
            content[i] = sourceDisk(i).content(scenario.sizes[i]);
        }
        return content;
    }

    byte[][] replicaContent()
    {
        final byte[][] content = new byte[scenario.sizes.length][];
        for (int i = 0; i < content.length; i++)
        {
            final SimDisk disk = replicaDisk(i);
            content[i] = disk == null ? new byte[scenario.sizes[i]] : disk.content(scenario.sizes[i]);
        }
        return content;
    }

    void startSource()
    {
        sourceHost = network.host("alpha");
        note("source starts");
        source = new SteppedSource(scenario.source, new SourceRuntime(
            sourceHost, SimStorage.of(sourceDisks, sourceHost, sourceMachine),
            new SimQuiesce(application, sourceDisks, sourceHost), clock,
            () -> clock.nanoTime() / 1_000_000, ZoneOffset.UTC, random::nextLong,
            ignored -> random.nextInt(IDLE_NS)));
    }

    /** Starts it and has the checker look at what it recovered; it may die on the way. */
    void startTarget(final int fuse)
    {
        targetHost = network.host("beta");
        targetHost.light(fuse);
        note("target starts" + (fuse > 0 ? ", dies after " + fuse + " operations" : ""));
        try
        {
            target = new SteppedTarget(scenario.target, new TargetRuntime(
                targetHost, SimStorage.of(targetDisks, targetHost, targetMachine), clock, random.nextLong()));
        }
        catch (final ProcessKilled ex)
        {
            note("target died in its recovery");
            kills++;
            network.kill(targetHost, Death.RST);
            return;
        }
        if (healthyTargetDisks)
        {
            checker.recovered(target.status(), replicaContent());
        }
    }

    void killSource(final Death death)
    {
        if (source != null)
        {
            note("source dies: " + death);
            kills++;
            network.kill(sourceHost, death);
            application.sourceDied();
            source.drop();
            source = null;
        }
    }

    void killTarget(final Death death)
    {
        if (target != null)
        {
            note("target dies: " + death);
            kills++;
            network.kill(targetHost, death);
            target.drop();
            target = null;
        }
    }

    /** Takes the target's power: what its disks had not flushed is lost, torn or there. Its journal's files survive. */
    void cutTarget()
    {
        killTarget(Death.SILENCE);
        note("target's disks lose power");
        targetDisks.values().forEach(disk -> disk.cut(random.nextLong()));
    }

    /** As {@link #cutTarget()}; when the power is back the volumes are followed before anybody writes to them. */
    void cutSource()
    {
        // First: the guard has no time to take back what the dead daemon promised.
        sourceMachine.cut();
        killSource(Death.SILENCE);
        note("source's disks lose power");
        sourceDisks.forEach((path, disk) ->
        {
            // The volume itself keeps what its application wrote: that is the application's affair.
            if (!path.startsWith("/sim"))
            {
                disk.cut(random.nextLong());
            }
        });
        narrowedBoots += new EarlyTracking(
            scenario.source, SimStorage.of(sourceDisks, new SimHost("early", network), sourceMachine))
            .attach().stream().filter(outcome -> outcome.note() != null && outcome.note().narrowed()).count();
    }

    void lightSource(final int operations)
    {
        sourceHost.light(operations);
        note("source dies after " + operations + " operations");
    }

    void lightTarget(final int operations)
    {
        targetHost.light(operations);
        note("target dies after " + operations + " operations");
    }

    /** Lets everything run once, in any order; then some time passes. */
    void tick()
    {
        steps++;
        sourceDisks.values().forEach(SimDisk::tick);
        int work = 0;
        order.clear();
        order.addAll(source == null ? List.of() : source.agents());
        order.addAll(target == null ? List.of() : target.agents());
        Collections.shuffle(order, random);
        if (steps % 64 == 0)
        {
            lazy = random.nextInt(12);
        }
        final int networkTurn = random.nextInt(order.size() + 1);
        for (int i = 0; i <= order.size(); i++)
        {
            try
            {
                work += i == networkTurn ? network.deliver() : 0;
                work += i < order.size() && isAlive(order.get(i)) && random.nextInt(12) >= lazy ?
                    order.get(i).doWork() : 0;
            }
            catch (final ProcessKilled ex)
            {
                buryTheDead(ex.getMessage());
                work++;
            }
            catch (final Exception ex)
            {
                throw new AssertionError("agent " + order.get(Math.min(i, order.size() - 1)).roleName() +
                    " broke: " + ex, ex);
            }
        }
        clock.advance(work > 0 ? random.nextInt(STEPS_BEFORE_IDLE_NS) : network.nextInNs(random.nextInt(IDLE_NS)));
    }

    void note(final String what)
    {
        log.add("step " + steps + ": " + what);
        if (log.size() > LOG_LINES)
        {
            log.remove(0);
        }
    }

    String history()
    {
        return String.join("\n", log) + "\n" + (source == null ? "no source" : source.status()) + "\n" +
            (target == null ? "no target" : target.status());
    }

    private boolean isAlive(final Agent agent)
    {
        return source != null && source.agents().contains(agent) || target != null && target.agents().contains(agent);
    }

    private void buryTheDead(final String host)
    {
        final Death death = Death.values()[random.nextInt(Death.values().length)];
        if (host.equals("alpha"))
        {
            killSource(death);
        }
        else
        {
            killTarget(death);
        }
    }
}
