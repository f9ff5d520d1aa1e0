package io.farblock.replication.sim;

import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Says whether what a target shows may be. Knows nothing of how the engine works: only what the source held each time
 * an epoch was asked for, what was answered, and that time does not run backwards.
 */
final class ReplicaChecker
{
    /** What an epoch may have carried. */
    interface Cut
    {
        /** Null when these bytes are that cut, else where they are not. */
        String mismatch(byte[][] volumes);

        /** Whether all these bytes were there at one time. */
        boolean isInstant(byte[][] volumes);
    }

    /** Oldest first. The first is the one that was seen last; null while none was. */
    private final List<Cut> possible = new ArrayList<>();
    private long newestEpoch;
    private long completedEpoch;
    private long checks;

    ReplicaChecker()
    {
        possible.add(null);
    }

    long checks()
    {
        return checks;
    }

    /** An epoch of this cut is asked for: from now on it may be sealed at any moment. */
    void asked(final Cut cut)
    {
        possible.add(cut);
    }

    /** The newest cut was reported as sealed and applied. */
    void completed(final EpochResult result, final TargetStatus target, final byte[][] replica)
    {
        checks++;
        require(result.epoch() >= newestEpoch && result.epoch() > completedEpoch,
            "epoch " + result.epoch() + " completed after epoch " + completedEpoch + ", seen was " + newestEpoch);
        completedEpoch = result.epoch();
        newestEpoch = result.epoch();
        final String mismatch = possible.get(possible.size() - 1).mismatch(replica);
        require(mismatch == null, "epoch " + result.epoch() + " is applied, but the replica differs: " + mismatch);
        requireInstant(possible.get(possible.size() - 1), result.consistency(), replica);
        final StringBuilder roots = new StringBuilder();
        for (final ReplicaStatus status : target.replicas())
        {
            require(status.appliedEpoch() == newestEpoch && status.state().equals("sealed"),
                "epoch " + newestEpoch + " completed, the target says " + status);
            roots.append(roots.isEmpty() ? "" : ",").append(status.root());
        }
        require(roots.toString().equals(result.root()), "roots differ: " + result.root() + " and " + roots);
        collapse(possible.size() - 1, replica);
    }

    /** The target started again and has recovered, with no fault on its disks. */
    void recovered(final TargetStatus target, final byte[][] replica)
    {
        checks++;
        long sealed = Long.MAX_VALUE;
        for (final ReplicaStatus status : target.replicas())
        {
            sealed = Math.min(sealed, status.sealedEpoch());
            require(!status.state().equals("failed") && !status.state().equals("blocked"),
                "recovery left " + status);
            require(status.appliedEpoch() == status.sealedEpoch(), "recovery did not apply what is sealed: " + status);
        }
        require(sealed >= newestEpoch,
            "epoch " + newestEpoch + " was sealed, after a restart the target has " + sealed);
        if (sealed == 0)
        {
            require(possible.get(0) == null, "a sealed replica is seeding after a restart");
            return;
        }
        newestEpoch = sealed;
        String mismatch = "no epoch was ever asked for";
        // The newest first: equal cuts must not bring an older one back.
        for (int i = possible.size() - 1; i >= 0; i--)
        {
            final String found = possible.get(i) == null ? "nothing sealed yet" : possible.get(i).mismatch(replica);
            if (found == null)
            {
                requireInstant(possible.get(i), target.replicas().get(0).consistency(), replica);
                // The cut itself stays possible: if it is a moving one, the next attempt carries other versions of it.
                collapse(Math.max(0, i - 1), replica);
                return;
            }
            mismatch = found + "; " + mismatch;
        }
        throw new AssertionError("after a restart the replica is at epoch " + sealed + ", but no cut that it could " +
            "be: " + mismatch);
    }

    private static void requireInstant(final Cut cut, final String consistency, final byte[][] replica)
    {
        require(consistency.equals("fuzzy") || cut.isInstant(replica),
            "the replica is called " + consistency + ", but was never so at any time");
    }

    private void collapse(final int index, final byte[][] replica)
    {
        final List<Cut> newer = List.copyOf(possible.subList(index + 1, possible.size()));
        possible.clear();
        possible.add(new Exact(replica));
        possible.addAll(newer);
    }

    static void require(final boolean holds, final String otherwise)
    {
        if (!holds)
        {
            throw new AssertionError(otherwise);
        }
    }

    /** Exactly these bytes. */
    record Exact(byte[][] volumes) implements Cut
    {
        @Override
        public String mismatch(final byte[][] found)
        {
            for (int i = 0; i < volumes.length; i++)
            {
                final int at = Arrays.mismatch(volumes[i], found[i]);
                if (at >= 0)
                {
                    return "volume " + i + " offset " + at;
                }
            }
            return null;
        }

        @Override
        public boolean isInstant(final byte[][] found)
        {
            return true;
        }
    }

    /** A moving source: each block is one that was there at some time since the epoch was asked for. */
    static final class Moving implements Cut
    {
        private final int blockBytes;
        private final List<byte[][]> versions = new ArrayList<>();

        Moving(final int blockBytes)
        {
            this.blockBytes = blockBytes;
        }

        void add(final byte[][] version)
        {
            versions.add(version);
        }

        @Override
        public String mismatch(final byte[][] found)
        {
            for (int i = 0; i < found.length; i++)
            {
                for (int at = 0; at < found[i].length; at += blockBytes)
                {
                    if (!wasThere(i, at, found[i]))
                    {
                        return "volume " + i + " block at " + at;
                    }
                }
            }
            return null;
        }

        @Override
        public boolean isInstant(final byte[][] found)
        {
            return versions.stream().anyMatch(version -> new Exact(version).mismatch(found) == null);
        }

        private boolean wasThere(final int volume, final int at, final byte[] found)
        {
            final int end = Math.min(at + blockBytes, found.length);
            return versions.stream().anyMatch(version ->
                Arrays.equals(version[volume], at, end, found, at, end));
        }
    }
}
