package io.farblock.powersim.serve;

import io.farblock.powersim.nut.NutServer;
import io.farblock.powersim.ups.Communication;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Lets time pass when nobody asks, on the thread {@code ups-clock}, and has the NUT servers refuse connections while a
 * UPS says so. A server that cannot listen again is tried again.
 */
final class UpsClock implements AutoCloseable
{
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final UpsRack rack;
    private final List<NutServer> servers;
    private final Consumer<String> trouble;
    private final Thread thread = new Thread(this::run, "ups-clock");
    private volatile boolean closed;
    private String lastTrouble = "";

    UpsClock(final UpsRack rack, final List<NutServer> servers, final Consumer<String> trouble)
    {
        this.rack = rack;
        this.servers = servers;
        this.trouble = trouble;
    }

    void launch()
    {
        thread.start();
    }

    private void run()
    {
        while (!closed)
        {
            final boolean isRefusing = rack.communication() == Communication.REFUSE;
            for (final NutServer server : servers)
            {
                follow(server, isRefusing);
            }
            LockSupport.parkNanos(TICK_NS);
        }
    }

    private void follow(final NutServer server, final boolean isRefusing)
    {
        if (isRefusing)
        {
            server.close();
            return;
        }
        try
        {
            server.listen();
        }
        catch (final IOException taken)
        {
            final String complaint = server.address() + " cannot be listened at again: " + taken.getMessage();
            if (!complaint.equals(lastTrouble))
            {
                lastTrouble = complaint;
                trouble.accept(complaint);
            }
        }
    }

    /** From any thread but its own. */
    @Override
    public void close()
    {
        closed = true;
        LockSupport.unpark(thread);
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
