package io.farblock.replication.sim;

import io.farblock.raidsim.disk.DiskFault;
import io.farblock.replication.sim.SimNetwork.Death;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.VerifyResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Makes trouble: changes the source, asks for epochs, breaks paths, processes, disks and power while they run, mends
 * everything, and then expects the epoch to end within bounded time.
 */
final class Driver
{
    private static final int HOSTILE_STEPS = 3_000;
    private static final long PATIENCE_NS = 120_000_000_000L;
    private static final int SECTOR_BYTES = 512;
    private static final int BUSY_WRITES = 20;
    private static final int STIRRED_WRITES = 60;

    private final World world;
    private final Random random;
    private final List<Runnable> mending = new ArrayList<>();
    private CompletableFuture<EpochResult> job;
    private ReplicaChecker.Moving moving;
    /** Whether a fault that only an operator can mend has been there in this round. */
    private boolean operatorNeeded;
    long epochs;

    Driver(final World world)
    {
        this.world = world;
        this.random = world.random;
        world.application.writesBy(() -> change(1));
        world.application.careless(world.scenario.careless);
    }

    void start()
    {
        world.startTarget(0);
        world.startSource();
    }

    /** An epoch of the source as it is that nothing disturbs. */
    void calmEpoch()
    {
        epoch(false);
    }

    /** As {@link #calmEpoch()}, with a fault that may need an operator, who restarts what says that it has failed. */
    void calmEpochOfABrokenDisk()
    {
        ask();
        operatorNeeded = true;
        world.healthyTargetDisks = false;
        finish();
    }

    /**
     * Epochs of a source to which somebody writes whenever the engine lets go of the thread, and of which nothing else
     * goes wrong; returns how many of them were sealed as one instant.
     */
    int stir(final int rounds)
    {
        start();
        int instants = 0;
        for (int round = 0; round < rounds; round++)
        {
            moving = new ReplicaChecker.Moving(world.scenario.blockBytes);
            moving.add(world.sourceContent());
            world.checker.asked(moving);
            world.application.busy(STIRRED_WRITES, true);
            operatorNeeded = true;
            job = world.source.epochNow(Scenario.GROUP);
            while (!isDone())
            {
                world.tick();
            }
            final EpochResult result = job.join();
            instants += result.sealed() && !"fuzzy".equals(result.consistency()) ? 1 : 0;
            finish();
        }
        return instants;
    }

    void run(final int rounds)
    {
        start();
        for (int round = 0; round < rounds; round++)
        {
            change(random.nextInt(8));
            epoch(round < rounds - 1);
            between();
        }
        verify();
    }

    /** Asks for an epoch of the source as it is and does not wait for it. */
    void ask()
    {
        moving = null;
        world.checker.asked(new ReplicaChecker.Exact(world.sourceContent()));
        job = world.source.epochNow(Scenario.GROUP);
    }

    private void epoch(final boolean hostile)
    {
        final byte[][] before = world.sourceContent();
        moving = hostile && random.nextInt(4) == 0 ? new ReplicaChecker.Moving(world.scenario.blockBytes) : null;
        if (moving != null)
        {
            moving.add(before);
            world.application.busy(BUSY_WRITES, false);
        }
        world.note(moving == null ? "epoch" : "epoch of a moving source");
        world.checker.asked(moving == null ? new ReplicaChecker.Exact(before) : moving);
        // Who writes faster than can be read, or cannot be stopped, is for an operator.
        operatorNeeded = moving != null;
        job = world.source.epochNow(Scenario.GROUP);
        final int trouble = hostile ? 1 + random.nextInt(4) : 0;
        for (int step = 0, end = random.nextInt(HOSTILE_STEPS); trouble > 0 && step < end && !isDone(); step++)
        {
            if (random.nextInt(250) < trouble)
            {
                trouble();
            }
            revive(false);
            world.tick();
        }
        finish();
    }

    /** Everything is mended; the epoch has to end, and as it should. */
    private void finish()
    {
        mend(hostilePathsMayStay());
        world.application.busy(0, false);
        long deadlineNs = world.clock.nanoTime() + PATIENCE_NS;
        while (!isDone())
        {
            if (revive(true))
            {
                deadlineNs = world.clock.nanoTime() + PATIENCE_NS;
            }
            world.tick();
            if (operatorNeeded && world.steps % 256 == 0)
            {
                restartFailed();
            }
            ReplicaChecker.require(world.clock.nanoTime() - deadlineNs < 0,
                "no progress: a path is up, both sites are alive, the epoch does not end");
        }
        final EpochResult result = job.join();
        world.note("result " + result.epoch() + " sealed=" + result.sealed() + " " + result.reason());
        ReplicaChecker.require(!world.application.isResting(), "the application was left at rest after " + result);
        if (result.sealed())
        {
            epochs++;
            if (!result.reason().isEmpty())
            {
                ReplicaChecker.require(operatorNeeded, "sealed, but not applied without need: " + result);
            }
            else if (world.target != null)
            {
                world.checker.completed(result, world.target.status(), world.replicaContent());
            }
            return;
        }
        ReplicaChecker.require(operatorNeeded, "an epoch failed although nothing needed an operator: " + result);
        operatorNeeded = false;
        restartFailed();
        ask();
        finish();
    }

    private boolean isDone()
    {
        // What a job says while its process dies is heard by nobody.
        return job != null && world.source != null && job.isDone();
    }

    /** Starts what is dead, at once or sooner or later; true when something was started. */
    private boolean revive(final boolean atOnce)
    {
        boolean started = false;
        if (world.target == null && (atOnce || random.nextInt(200) == 0))
        {
            world.startTarget(atOnce || random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(60));
            started = true;
        }
        if (world.source == null && (atOnce || random.nextInt(200) == 0))
        {
            world.startSource();
            job = world.source.epochNow(Scenario.GROUP);
            started = true;
        }
        if (world.source == null)
        {
            job = null;
        }
        return started;
    }

    private void trouble()
    {
        final SimPath path = world.scenario.paths.get(random.nextInt(world.scenario.paths.size()));
        final int volume = random.nextInt(world.scenario.sizes.length);
        switch (random.nextInt(20))
        {
            case 0 -> onPath(path, "closed", () -> world.network.close(path));
            case 1 -> onPath(path, "reset", () -> world.network.reset(path));
            case 2, 3 -> onPath(path, "black hole", () -> path.blackHole = true);
            case 4 -> onPath(path, "refuses", () -> path.refuses = true);
            case 5 -> onPath(path, "flips bits", () -> path.flips = 1 + random.nextInt(3));
            case 6 -> onPath(path, "healed", () -> world.network.heal(path));
            case 7 -> world.killSource(death());
            case 8 -> world.killTarget(death());
            case 9, 10 -> lightTarget();
            case 11 -> lightSource();
            case 12 -> world.cutTarget();
            case 13 -> world.cutSource();
            case 14 -> unreadable(volume);
            case 15 -> full(volume);
            case 16 -> flushFails(world.targetDisks);
            case 17 -> flushFails(world.sourceDisks);
            case 18 -> disabled(path);
            default -> change(moving == null || world.application.isResting() ? 0 : 1 + random.nextInt(2));
        }
    }

    private void between()
    {
        switch (random.nextInt(6))
        {
            case 0 -> world.cutTarget();
            case 1 -> world.killTarget(death());
            case 2 -> world.cutSource();
            case 3 -> world.killSource(death());
            default ->
            {
                return;
            }
        }
        if (world.target == null)
        {
            world.startTarget(0);
        }
        if (world.source == null)
        {
            world.startSource();
        }
    }

    private void onPath(final SimPath path, final String what, final Runnable action)
    {
        world.note(path.name + " " + what);
        action.run();
    }

    private void disabled(final SimPath path)
    {
        if (world.source != null)
        {
            world.note(path.name + " disabled");
            world.source.path(path.name, false);
        }
    }

    private void lightTarget()
    {
        if (world.target != null)
        {
            world.lightTarget(1 + random.nextInt(8 << random.nextInt(7)));
        }
    }

    private void lightSource()
    {
        if (world.source != null)
        {
            world.lightSource(1 + random.nextInt(8 << random.nextInt(7)));
        }
    }

    private void unreadable(final int volume)
    {
        final DiskFault fault = new DiskFault.LatentSectors(random.nextInt(world.scenario.sizes[volume]), 1);
        world.note("source volume " + volume + " " + fault);
        operatorNeeded = true;
        final SimArray array = world.sourceDisk(volume).array;
        if (array != null)
        {
            array.lose(random.nextInt((int)array.array.description().memberBytes()));
            mending.add(array::restore);
            return;
        }
        world.sourceDisk(volume).disk.inject(fault);
        mending.add(() -> world.sourceDisk(volume).disk.heal(fault));
    }

    private void full(final int volume)
    {
        final SimDisk disk = world.replicaDisk(volume);
        if (disk != null)
        {
            world.note("replica " + volume + " is full");
            operatorNeeded = true;
            world.healthyTargetDisks = false;
            disk.full = true;
            mending.add(() -> disk.full = false);
        }
    }

    /** Of a replica or a digest table; what was to be flushed is lost in part, and says nothing of it again. */
    private void flushFails(final Map<Path, SimDisk> disks)
    {
        final List<Path> paths = List.copyOf(disks.keySet());
        final Path path = paths.isEmpty() ? null : paths.get(random.nextInt(paths.size()));
        if (path != null)
        {
            final SimDisk disk = disks.get(path);
            world.note(path.getFileName() + " of " + path.getParent() + " fails its next flush");
            operatorNeeded = true;
            world.healthyTargetDisks &= disks != world.targetDisks;
            disk.flushFails = true;
            mending.add(() -> disk.flushFails = false);
        }
    }

    private void mend(final boolean somePathsStay)
    {
        mending.forEach(Runnable::run);
        mending.clear();
        final int healed = random.nextInt(world.scenario.paths.size());
        for (int i = 0; i < world.scenario.paths.size(); i++)
        {
            if (i == healed || !somePathsStay)
            {
                world.network.heal(world.scenario.paths.get(i));
            }
        }
        if (world.source != null)
        {
            world.scenario.paths.forEach(path -> world.source.path(path.name, true));
            world.lightSource(0);
        }
        if (world.target != null)
        {
            world.lightTarget(0);
        }
        world.note("mended");
        if (!world.healthyTargetDisks)
        {
            world.healthyTargetDisks = true;
            restartFailed();
        }
    }

    /** What an operator does after mending a disk: restarts a target that says that it has failed. */
    private void restartFailed()
    {
        if (world.target != null && world.target.status().replicas().stream()
            .anyMatch(status -> status.state().equals("failed")))
        {
            world.killTarget(Death.FIN);
            revive(true);
        }
    }

    private boolean hostilePathsMayStay()
    {
        return random.nextInt(3) == 0;
    }

    private Death death()
    {
        return Death.values()[random.nextInt(Death.values().length)];
    }

    /** The end of every seed: the target reads its replica back and finds nothing wrong. */
    private void verify()
    {
        mend(false);
        final CompletableFuture<VerifyResult> verify = world.source.verify(Scenario.GROUP, false);
        final long deadlineNs = world.clock.nanoTime() + PATIENCE_NS;
        while (!verify.isDone())
        {
            world.tick();
            ReplicaChecker.require(world.clock.nanoTime() - deadlineNs < 0, "no progress: verify does not end");
        }
        final VerifyResult result = verify.join();
        ReplicaChecker.require(result.equal() && result.pendingBytes() == 0, "verify found " + result);
    }

    void change(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final int volume = random.nextInt(world.scenario.sizes.length);
            final int sectors = world.scenario.sizes[volume] / SECTOR_BYTES;
            final int first = random.nextInt(sectors);
            final int most = random.nextInt(4) == 0 ? sectors : Math.min(sectors, 200);
            final int length = Math.min(sectors - first, 1 + random.nextInt(most)) * SECTOR_BYTES;
            final SimDisk disk = world.sourceDisk(volume);
            switch (random.nextInt(20))
            {
                case 0, 1, 2, 3 -> disk.zero((long)first * SECTOR_BYTES, length);
                case 4, 5, 6, 7 -> disk.discard((long)first * SECTOR_BYTES, length);
                case 8, 9, 10 -> disk.writeUnseen((long)first * SECTOR_BYTES, bytes(length));
                default -> disk.write((long)first * SECTOR_BYTES, bytes(length));
            }
            if (moving != null)
            {
                moving.add(world.sourceContent());
            }
        }
    }

    private byte[] bytes(final int lengthBytes)
    {
        final byte[] data = new byte[lengthBytes];
        if (random.nextBoolean())
        {
            random.nextBytes(data);
        }
        else
        {
            java.util.Arrays.fill(data, (byte)random.nextInt(3));
        }
        return data;
    }
}
