package io.farblock.replication.paths;

/** Hears of what was refused before anybody else could: at the door. Called on the network's thread. */
public interface Refusals
{
    /** {@code reason} may hold what a stranger wrote, at any length. */
    void refused(Refusal kind, String reason);
}
