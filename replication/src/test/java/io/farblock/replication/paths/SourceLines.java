package io.farblock.replication.paths;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** A network as a source uses it: it only connects. */
public abstract class SourceLines implements Network
{
    @Override
    public void listen(
        final InetSocketAddress address, final Supplier<ConnectionHandler> handlers, final Refusals refusals)
    {
        throw new IllegalStateException("a source does not listen");
    }

    @Override
    public void close()
    {
    }
}
