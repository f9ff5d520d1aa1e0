package io.farblock.raidsim.plan;

/** What makes a planned fault happen. Immutable values; times are counted from when the plan began. */
sealed interface Trigger
{
    /** Once, at a time. */
    record At(long timeNs) implements Trigger
    {
    }

    /** Every time the disk has been given so many more requests. */
    record AfterOperations(long operations) implements Trigger
    {
    }

    /** Every time the disk has transferred so many more bytes. */
    record AfterBytes(long bytes) implements Trigger
    {
    }

    /** So often an hour, on average and by chance. */
    record PerHour(double times) implements Trigger
    {
    }

    /** With this probability at each request of the disk. */
    record PerOperation(double probability) implements Trigger
    {
    }

    /** Every time a condition begins to hold. */
    record When(Condition condition) implements Trigger
    {
    }
}
