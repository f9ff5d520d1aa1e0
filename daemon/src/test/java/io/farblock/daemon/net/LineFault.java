package io.farblock.daemon.net;

import java.io.IOException;

/** How a line can be lost, and what brings it back. Stateless. */
enum LineFault
{
    /** The connection is closed properly, and new ones are refused. */
    END
    {
        @Override
        long inflict(final NetLab lab, final PathProxySession proxy, final int line) throws IOException
        {
            return proxy.end(line);
        }
    },
    /** The connection is reset, and new ones are refused. */
    RESET
    {
        @Override
        long inflict(final NetLab lab, final PathProxySession proxy, final int line) throws IOException
        {
            return proxy.reset(line);
        }
    },
    /** What is in the middle stops forwarding, but goes on taking. */
    SILENCE
    {
        @Override
        long inflict(final NetLab lab, final PathProxySession proxy, final int line) throws IOException
        {
            return proxy.silence(line);
        }
    },
    /** Packets vanish, both ways. */
    BLACKHOLE
    {
        @Override
        long inflict(final NetLab lab, final PathProxySession proxy, final int line) throws IOException
        {
            // It takes a few milliseconds, and the first direction is lost somewhere within.
            final long beginNs = System.nanoTime();
            lab.blackhole(line);
            return beginNs;
        }

        @Override
        void mend(final NetLab lab, final PathProxySession proxy, final int line) throws IOException
        {
            lab.restore(line);
        }
    };

    /** Loses the line; returns the moment by {@link System#nanoTime()}, or one just before. */
    abstract long inflict(NetLab lab, PathProxySession proxy, int line) throws IOException;

    /** The line carries again. */
    void mend(final NetLab lab, final PathProxySession proxy, final int line) throws IOException
    {
        proxy.mend(line);
    }

    /** Whether the other end is told, so that nobody has to find out by waiting. */
    boolean isTold()
    {
        return this == END || this == RESET;
    }
}
