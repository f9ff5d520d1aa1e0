package io.farblock.daemon.vm;

import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.daemon.faults.Deadline;
import io.farblock.powersim.CutReport;
import io.farblock.powersim.PowerRail;
import io.farblock.powersim.PoweredThing;
import io.farblock.powersim.VolatileSetup;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtual machine that runs one of Debian's kernels under QEMU's own translation, with this machine's file system as
 * its root (read only) and disks of its own: {@code /dev/vda}, {@code /dev/vdb} and so on, in the order in which they
 * were added. It hangs on one rail with them: {@link #cut} is a power cut of all at one moment. One thread; what goes
 * wrong is an error with the end of the console's log.
 */
final class Vm implements AutoCloseable
{
    private static final int MEMORY_MIB = 1024;
    private static final long BOOT_SECONDS = 90;
    private static final long LOOK_MS = 500;

    private final VmKernel kernel;
    private final Path directory;
    private final Path console;
    private final Path notes;
    private final List<VmDisk> disks = new ArrayList<>();
    private final PowerRail rail = new PowerRail();
    private final int controlPort;
    private final int dataPort;
    private Process fileServer;
    private Process qemu;
    private GuestShell shell;
    private long bootNs;

    /** @param directory of the test, for what the machine needs and says. */
    Vm(final VmKernel kernel, final Path directory) throws IOException
    {
        this.kernel = kernel;
        this.directory = directory;
        console = directory.resolve("console.log");
        notes = directory.resolve("notes.log");
        try (ServerSocket free = LoopbackPort.anyFree(); ServerSocket other = LoopbackPort.anyFree())
        {
            controlPort = free.getLocalPort();
            dataPort = other.getLocalPort();
        }
        rail.plug(new Machine());
    }

    /** A disk of which a cut keeps, drops or tears at its sectors what was not flushed. */
    void addVolatileDisk(final long sizeBytes) throws IOException
    {
        addVolatileDisk(sizeBytes, VolatileSetup.plain());
    }

    void addVolatileDisk(final long sizeBytes, final VolatileSetup setup) throws IOException
    {
        add(VmDisk.volatileDisk(directory.resolve("disk" + disks.size()), sizeBytes, setup));
    }

    /** A volatile disk that is asked for durable writes only. */
    void addWriteThroughDisk(final long sizeBytes) throws IOException
    {
        add(VmDisk.writeThrough(directory.resolve("disk" + disks.size()), sizeBytes));
    }

    /** A disk that can discard and loses nothing. */
    void addPlainDisk(final long sizeBytes) throws IOException
    {
        add(VmDisk.plain(directory.resolve("disk" + disks.size()), sizeBytes));
    }

    private void add(final VmDisk disk)
    {
        disks.add(disk);
        disk.plugInto(rail);
    }

    /** Switches on and returns when a script can be run. */
    void boot() throws IOException
    {
        final long beganNs = System.nanoTime();
        rail.restore();
        final Path socket = directory.resolve("root.sock");
        Files.deleteIfExists(socket);
        fileServer = VmTools.start(directory.resolve("virtiofsd.log"), "virtiofsd", "--socket-path=" + socket,
            "-o", "source=/", "-o", "cache=always", "-o", "sandbox=chroot");
        for (final VmDisk disk : disks)
        {
            disk.serve();
        }
        Deadline.await("virtiofsd listens: " + VmTools.tail(directory.resolve("virtiofsd.log")), 10,
            () -> Files.exists(socket));
        qemu = VmTools.tied(command(socket)).redirectError(
            ProcessBuilder.Redirect.appendTo(directory.resolve("qemu.log").toFile())).start();
        shell = new GuestShell(qemu);
        try
        {
            shell.awaitReady(BOOT_SECONDS);
        }
        catch (final AssertionError ex)
        {
            throw new AssertionError(ex.getMessage() + "\n" + logs(), ex);
        }
        bootNs = System.nanoTime() - beganNs;
    }

    /** The output of a script for bash that must succeed within a minute. */
    String run(final String script) throws IOException
    {
        return run(script, 60);
    }

    String run(final String script, final long seconds) throws IOException
    {
        try
        {
            return shell.run(script, seconds).trim();
        }
        catch (final AssertionError ex)
        {
            throw new AssertionError(ex.getMessage() + "\n" + logs(), ex);
        }
    }

    /** Waits for something in a guest, and asks seldom: its one processor answers and is what is waited for. */
    static void await(final String what, final long seconds, final Deadline.Condition condition)
    {
        Deadline.await(what, seconds, () ->
        {
            final boolean holds = condition.holds();
            if (!holds)
            {
                Deadline.pass(LOOK_MS);
            }
            return holds;
        });
    }

    /** The power goes, now, for the guest and its disks; what they had not flushed, the seed decides. */
    List<CutReport> cut(final long seed)
    {
        // the guest itself has nothing to lose
        final List<CutReport> reports = rail.drop(seed).stream().skip(1).toList();
        disks.forEach(VmDisk::endServing);
        return reports;
    }

    /** From switching on to the first script. */
    long bootMs()
    {
        return bootNs / 1_000_000;
    }

    /** A port of this machine that leads to port 9001 of the guest. */
    int dataPort()
    {
        return dataPort;
    }

    /** A port of this machine that leads to port 9000 of the guest. */
    int controlPort()
    {
        return controlPort;
    }

    /** What the guest wrote to {@code /dev/ttyS2}, in this life and those before. */
    List<String> notes() throws IOException
    {
        return Files.exists(notes) ? Files.readAllLines(notes, StandardCharsets.ISO_8859_1) : List.of();
    }

    Path directory()
    {
        return directory;
    }

    String logs() throws IOException
    {
        return "--- console\n" + VmTools.tail(console) + "\n--- qemu\n" + VmTools.tail(directory.resolve("qemu.log"));
    }

    @Override
    public void close() throws IOException
    {
        kill();
        for (final VmDisk disk : disks)
        {
            disk.close();
        }
    }

    private void kill()
    {
        VmTools.kill(qemu);
        VmTools.kill(fileServer);
        qemu = null;
    }

    private List<String> command(final Path rootSocket)
    {
        final List<String> command = new ArrayList<>(List.of("qemu-system-x86_64",
            "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", Integer.toString(MEMORY_MIB),
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-serial", "file:" + console, "-chardev", "stdio,id=shell,signal=off", "-serial", "chardev:shell",
            "-chardev", "file,id=notes,append=on,path=" + notes, "-serial", "chardev:notes",
            "-object", "memory-backend-memfd,id=memory,size=" + MEMORY_MIB + "M,share=on",
            "-numa", "node,memdev=memory",
            "-chardev", "socket,id=root,path=" + rootSocket, "-device", "vhost-user-fs-pci,chardev=root,tag=root",
            "-netdev", "user,id=net,hostfwd=tcp:127.0.0.1:" + controlPort + "-:9000,hostfwd=tcp:127.0.0.1:" +
                dataPort + "-:9001",
            "-device", "virtio-net-pci,netdev=net,romfile=",
            "-kernel", kernel.image().toString(),
            "-append", "console=ttyS0 quiet panic=-1 rootfstype=virtiofs root=root ro init=" +
                VmTools.recipe("vm-init.sh") + " FB_MODULES=" + kernel.modules()));
        for (int i = 0; i < disks.size(); i++)
        {
            command.addAll(List.of("-drive", disks.get(i).drive("disk" + i), "-device",
                disks.get(i).device("disk" + i)));
        }
        return command;
    }

    /** The guest on the rail: its disks are held while it dies, so it sees none of them gone. */
    private final class Machine implements PoweredThing
    {
        @Override
        public String name()
        {
            return "the guest";
        }

        @Override
        public void still(final Runnable whileStill)
        {
            whileStill.run();
        }

        @Override
        public CutReport cut(final long seed)
        {
            kill();
            return CutReport.nothing(seed);
        }

        /** Booting takes more than power. */
        @Override
        public void restore()
        {
        }

        @Override
        public boolean isDead()
        {
            return qemu == null;
        }
    }
}
