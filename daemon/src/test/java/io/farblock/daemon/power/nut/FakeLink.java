package io.farblock.daemon.power.nut;

import java.util.ArrayList;
import java.util.List;

/** A connection of which a test plays the other side. */
final class FakeLink implements NutNetwork.Link
{
    final List<String> sent = new ArrayList<>();
    boolean tls;
    boolean closed;

    @Override
    public void send(final String line)
    {
        sent.add(line);
    }

    @Override
    public void startTls()
    {
        tls = true;
    }

    @Override
    public void close()
    {
        closed = true;
    }

    /** What was sent since this was asked last. */
    List<String> takeSent()
    {
        final List<String> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }
}
