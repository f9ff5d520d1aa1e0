package io.farblock.replication.paths;

/**
 * One attempt to have a connection on a path: what the network's thread found, where the send agent looks for it. A
 * new attempt gets a new link, so that what belongs to an old connection cannot be taken for the new one's.
 *
 * <p>{@code volatile} fields are written once, by the network's thread; the rest belongs to the send agent.
 */
public final class PathLink
{
    private final int pathIndex;
    private final int serial;
    private volatile Connection connection;
    private volatile String closedReason;
    private volatile boolean abandoned;
    private boolean introduced;

    PathLink(final int pathIndex, final int serial)
    {
        this.pathIndex = pathIndex;
        this.serial = serial;
    }

    public int pathIndex()
    {
        return pathIndex;
    }

    /** Number of this attempt within its path. */
    public int serial()
    {
        return serial;
    }

    /** The connection once it stands, else null. */
    public Connection connection()
    {
        return connection;
    }

    /** Why it is gone, or null while it is not. */
    public String closedReason()
    {
        return closedReason;
    }

    /** True once: the connection stands and nothing has been said on it yet. */
    public boolean takeIntroductionTurn()
    {
        final boolean turn = !introduced;
        introduced = true;
        return turn;
    }

    /** The network's thread: the connection stands. */
    public void opened(final Connection opened)
    {
        connection = opened;
        if (abandoned)
        {
            opened.close("given up before it stood");
        }
    }

    /** The send agent: nobody waits for this connection any more, whether it stands or will. */
    void abandon(final String why)
    {
        abandoned = true;
        final Connection standing = connection;
        if (standing != null)
        {
            standing.close(why);
        }
    }

    /** The network's thread: it is gone, or could not be made. */
    public void closed(final String reason)
    {
        closedReason = reason;
    }
}
