package io.farblock.daemon.vm;

import io.farblock.daemon.cli.Main;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.control.Reply;
import io.farblock.daemon.control.Request;
import io.farblock.daemon.faults.Deadline;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A daemon in a guest, asked from this machine: its control socket is led here through the machine's network. This
 * machine's other end is 10.0.2.2 for a guest. One thread.
 */
final class GuestDaemon implements AutoCloseable
{
    static final String GROUP = "vms";
    static final String VOLUME = "disk";
    /** What must outlive a cut is on the guest's first disk. */
    static final String STATE_DISK = "/dev/vda";
    private static final String STATE = "/run/state";
    private static final String SOCKET = "/run/farblock/control.sock";
    private static final long ANSWER_SECONDS = 180;
    private static final long EPOCH_SECONDS = 180;
    /** A daemon that was late once promises nothing for a minute. */
    private static final long KEPT_SECONDS = 90;
    private static final long KEPT_LOOK_MS = 500;

    private final Vm vm;
    private final String site;
    private final String config;
    private final String configFile;
    private final String logFile;
    private final Path socket;
    private Process relay;

    private GuestDaemon(final Vm vm, final String site, final String config)
    {
        this.vm = vm;
        this.site = site;
        this.config = "site = \"" + site + "\"\nstate = \"" + STATE + "/" + site + "\"\ncontrol = \"" + SOCKET +
            "\"\nwindow = \"4MiB\"\n" + config;
        configFile = "/run/farblock/" + site + ".toml";
        logFile = "/run/" + site + ".log";
        socket = vm.directory().resolve(site + "-guest.sock");
    }

    /** {@code alpha}, which sends a device to {@code beta} on this machine. */
    static GuestDaemon source(final Vm vm, final String device, final int targetPort)
    {
        return new GuestDaemon(vm, "alpha", "[[peer]]\nname = \"beta\"\ninsecure = true\n" +
            "[[peer.path]]\nname = \"line\"\nremote = \"10.0.2.2:" + targetPort + "\"\n" +
            "[[group]]\nname = \"" + GROUP + "\"\npeer = \"beta\"\n" +
            "[[group.volume]]\nname = \"" + VOLUME + "\"\ndevice = \"" + device + "\"\ntracking = \"bpf\"\n");
    }

    /** {@code gamma}, which keeps on a device what {@code delta} on this machine sends to {@link Vm#dataPort}. */
    static GuestDaemon target(final Vm vm, final String device)
    {
        return new GuestDaemon(vm, "gamma", "journal_limit = \"2GiB\"\njournal_reserve = \"1MiB\"\n" +
            "[listen]\naddresses = [\"10.0.2.15:9001\"]\ninsecure = true\n" +
            "[[replica]]\npeer = \"delta\"\ngroup = \"" + GROUP + "\"\nvolume = \"" + VOLUME + "\"\ndevice = \"" +
            device + "\"\n");
    }

    /**
     * Waits until it promises that its saved map is kept: from then on a cut costs little. A guest that is too slow to
     * keep the promise never gives it, which is no fault; so the caller goes on without.
     */
    void awaitKept() throws IOException
    {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(KEPT_SECONDS);
        while (!isKept() && System.nanoTime() - endNs < 0)
        {
            Deadline.pass(KEPT_LOOK_MS);
        }
    }

    /** Whether that promise is on its disk. */
    boolean isKept() throws IOException
    {
        return "kept".equals(vm.run("cd " + STATE + "/alpha/source/beta/" + GROUP + "/" + VOLUME + " && ls kept || :"));
    }

    /** Mounts its state, after a boot. */
    void mountState() throws IOException
    {
        vm.run("mkdir -p " + STATE + "; mount -t ext4 " + STATE_DISK + " " + STATE);
    }

    /** Writes its configuration, after a boot. */
    void configure() throws IOException
    {
        vm.run("cat >" + configFile + " <<'END'\n" + config + "END");
    }

    /** What farblock-track.service does early in a boot; returns what it says of the volume. */
    String attach() throws IOException
    {
        return vm.run(GuestJava.command(GuestJava.COMMAND, Main.class.getName(), "track", "attach", "--config",
            configFile), ANSWER_SECONDS);
    }

    /** Starts it and returns when it answers. */
    void start() throws IOException
    {
        vm.run("setsid socat TCP-LISTEN:9000,fork,reuseaddr UNIX-CONNECT:" + SOCKET + " >/dev/null 2>&1 &\n" +
            "setsid " + GuestJava.command(GuestJava.DAEMON, Main.class.getName(), "daemon", "--config",
            configFile) + " >>" + logFile + " 2>&1 &");
        if (relay == null)
        {
            Files.deleteIfExists(socket);
            relay = VmTools.start(vm.directory().resolve("relay.log"), "socat", "UNIX-LISTEN:" + socket + ",fork",
                "TCP:127.0.0.1:" + vm.controlPort());
        }
        try
        {
            Vm.await("the guest's daemon answers", ANSWER_SECONDS, this::answers);
        }
        catch (final AssertionError ex)
        {
            throw new AssertionError(ex.getMessage() + "\n" + log(), ex);
        }
    }

    /** The output of a command of the program's own, run in the guest. */
    String cli(final String... arguments) throws IOException
    {
        return vm.run(GuestJava.command(GuestJava.COMMAND, Main.class.getName(), arguments) + " --control " + SOCKET,
            ANSWER_SECONDS);
    }

    DaemonStatus status() throws ControlException
    {
        return ask(Request.status()).status();
    }

    VolumeStatus volume() throws ControlException
    {
        return status().sources().get(0).groups().get(0).volumes().get(0);
    }

    /** An epoch to its end; an error if it is not sealed. */
    EpochResult sealed() throws IOException
    {
        final CompletableFuture<EpochResult> asked = epoch();
        try
        {
            final EpochResult result = asked.get(EPOCH_SECONDS, TimeUnit.SECONDS);
            if (result.sealed())
            {
                return result;
            }
            throw new AssertionError("not sealed: " + result.reason() + "\n" + log());
        }
        catch (final ExecutionException | TimeoutException | InterruptedException ex)
        {
            throw new AssertionError("no epoch: " + ex + "\n" + log(), ex);
        }
    }

    /** An epoch that is waited for in the background; fails when the guest dies meanwhile. */
    CompletableFuture<EpochResult> epoch()
    {
        final CompletableFuture<EpochResult> asked = new CompletableFuture<>();
        final Thread thread = new Thread(() ->
        {
            try
            {
                asked.complete(ask(Request.epoch(GROUP, true)).epoch());
            }
            catch (final ControlException | RuntimeException ex)
            {
                asked.completeExceptionally(ex);
            }
        }, "ask-" + site);
        thread.setDaemon(true);
        thread.start();
        return asked;
    }

    String log() throws IOException
    {
        return "--- " + site + "\n" + vm.run("tail -n 30 " + logFile);
    }

    @Override
    public void close() throws IOException
    {
        VmTools.kill(relay);
        relay = null;
        Files.deleteIfExists(socket);
    }

    private boolean answers()
    {
        try
        {
            return site.equals(status().site());
        }
        catch (final ControlException notYet)
        {
            return false;
        }
    }

    private Reply ask(final Request request) throws ControlException
    {
        try (ControlClient client = ControlClient.open(socket))
        {
            return client.ask(request, progress -> { });
        }
    }
}
