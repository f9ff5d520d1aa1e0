package io.farblock.replication.sim;

/**
 * A process ends in the middle of whatever it was doing. An error, so that nothing in the engine can catch it: the next
 * to see it is the simulation.
 */
final class ProcessKilled extends Error
{
    private static final long serialVersionUID = 1L;

    ProcessKilled(final String host)
    {
        super(host, null, false, false);
    }
}
