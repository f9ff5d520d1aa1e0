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
 * A source's daemon in a guest, asked from this machine: its control socket is led here through the machine's network.
 * It sends {@code /dev/md0} to a target on this machine, which a guest sees as 10.0.2.2. One thread.
 */
final class GuestDaemon implements AutoCloseable
{
    static final String GROUP = "vms";
    static final String VOLUME = "disk";
    /** What must outlive a cut is on the guest's first disk. */
    static final String STATE_DISK = "/dev/vda";
    private static final String STATE = "/run/state";
    private static final String SOCKET = "/run/farblock/control.sock";
    private static final String CONFIG = "/run/farblock/alpha.toml";
    private static final String LOG = "/run/alpha.log";
    private static final long ANSWER_SECONDS = 180;
    private static final long EPOCH_SECONDS = 180;
    /** A daemon that was late once promises nothing for a minute. */
    private static final long KEPT_SECONDS = 90;
    private static final long KEPT_LOOK_MS = 500;

    private final Vm vm;
    private final int targetPort;
    private final Path socket;
    private Process relay;

    GuestDaemon(final Vm vm, final int targetPort)
    {
        this.vm = vm;
        this.targetPort = targetPort;
        socket = vm.directory().resolve("alpha.sock");
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
        vm.run("cat >" + CONFIG + " <<'END'\n" + config() + "END");
    }

    /** What farblock-track.service does early in a boot; returns what it says of the volume. */
    String attach() throws IOException
    {
        return vm.run(GuestJava.command(GuestJava.COMMAND, Main.class.getName(), "track", "attach", "--config",
            CONFIG), ANSWER_SECONDS);
    }

    /** Starts it and returns when it answers. */
    void start() throws IOException
    {
        vm.run("setsid socat TCP-LISTEN:9000,fork,reuseaddr UNIX-CONNECT:" + SOCKET + " >/dev/null 2>&1 &\n" +
            "setsid " + GuestJava.command(GuestJava.DAEMON, Main.class.getName(), "daemon", "--config", CONFIG) +
            " >>" + LOG + " 2>&1 &");
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
        }, "ask-alpha");
        thread.setDaemon(true);
        thread.start();
        return asked;
    }

    String log() throws IOException
    {
        return "--- alpha\n" + vm.run("tail -n 30 " + LOG);
    }

    @Override
    public void close() throws IOException
    {
        VmTools.kill(relay);
        relay = null;
        Files.deleteIfExists(socket);
    }

    private String config()
    {
        return "site = \"alpha\"\nstate = \"" + STATE + "/alpha\"\ncontrol = \"" + SOCKET + "\"\nwindow = \"4MiB\"\n" +
            "[[peer]]\nname = \"beta\"\ninsecure = true\n" +
            "[[peer.path]]\nname = \"line\"\nremote = \"10.0.2.2:" + targetPort + "\"\n" +
            "[[group]]\nname = \"" + GROUP + "\"\npeer = \"beta\"\n" +
            "[[group.volume]]\nname = \"" + VOLUME + "\"\ndevice = \"" + GuestArray.DEVICE + "\"\n" +
            "tracking = \"bpf\"\n";
    }

    private boolean answers()
    {
        try
        {
            return "alpha".equals(status().site());
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
