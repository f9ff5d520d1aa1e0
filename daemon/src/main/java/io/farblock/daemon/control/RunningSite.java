package io.farblock.daemon.control;

/** What commands ask of the daemon itself. Called by the control thread. */
public interface RunningSite
{
    /** What {@code farblock status} shows. */
    DaemonStatus status();

    /**
     * Reads the configuration and the files that it names again, and takes over what can be changed in a running site.
     *
     * @return what was taken over, and what waits for a restart.
     * @throws IllegalStateException with every mistake; everything stays as it was.
     */
    default String reload()
    {
        throw new IllegalStateException("this site cannot read its configuration again");
    }
}
