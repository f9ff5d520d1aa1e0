package io.farblock.daemon.demo;

/**
 * Something that happens to an epoch on its way.
 *
 * @param from   earliest share of the epoch that must be done, 0 to 1.
 * @param to     latest; if more is done when it is looked at, the fault came too late and does not happen.
 * @param action makes it happen; gets the share that was done.
 */
record Fault(double from, double to, Action action)
{
    /** Makes it happen. */
    interface Action
    {
        void happen(double share) throws Exception;
    }
}
