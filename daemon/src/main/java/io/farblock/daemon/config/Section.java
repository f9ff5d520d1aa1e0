package io.farblock.daemon.config;

/**
 * The tables of the configuration file. Immutable.
 */
enum Section
{
    ROOT("", ""),
    LISTEN("listen", "[listen]"),
    PEER("peer", "[[peer]]"),
    PATH("peer.path", "[[peer.path]]"),
    GROUP("group", "[[group]]"),
    VOLUME("group.volume", "[[group.volume]]"),
    REPLICA("replica", "[[replica]]"),
    UPS("ups", "[[ups]]"),
    POWER("power", "[power]");

    private final String path;
    private final String header;

    Section(final String path, final String header)
    {
        this.path = path;
        this.header = header;
    }

    /** The key of this table inside its parent. */
    String key()
    {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** How the file writes it. */
    String header()
    {
        return header;
    }

    /** Dotted name of one of this table's keys, for messages. */
    String dotted(final String key)
    {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean isChildOf(final Section parent)
    {
        if (this == ROOT)
        {
            return false;
        }
        final int dot = path.lastIndexOf('.');
        return parent.path.equals(dot < 0 ? "" : path.substring(0, dot));
    }
}
