package io.farblock.replication.paths;

/** How several paths share the work. What ends or begins an epoch goes out on each of them in either mode. */
public enum PathMode
{
    /** Each frame on the path that is expected to deliver it first. */
    STRIPE,
    /** As stripe, among the cheapest that are up. */
    STANDBY
}
