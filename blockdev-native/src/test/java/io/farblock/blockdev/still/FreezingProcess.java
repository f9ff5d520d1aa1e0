package io.farblock.blockdev.still;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemNanoClock;

/** A process that freezes and thaws without end, to be killed. */
public final class FreezingProcess
{
    /** The request of the ioctl, as /proc/PID/task/TID/syscall shows it. */
    private static final String FIFREEZE = "0xc0045877";

    private FreezingProcess()
    {
    }

    /**
     * The process: directory, device, limit, and whether it goes on, stays frozen until its input ends, or freezes
     * unsettled. It says each step before it takes it, and what came of the last.
     */
    public static void main(final String[] args) throws IOException
    {
        final List<Path> devices = List.of(Path.of(args[1]));
        try (Freezer freezer = new Freezer(Path.of(args[0]), SystemNanoClock.INSTANCE))
        {
            while (true)
            {
                if (!args[3].startsWith("unsettled"))
                {
                    System.out.println("settle");
                    freezer.settle(devices);
                }
                System.out.println("freeze");
                try (Frozen frozen = freezer.freeze(devices, Long.parseLong(args[2])))
                {
                    System.out.println("frozen");
                    if (args[3].startsWith("stay"))
                    {
                        System.in.read();
                    }
                    System.out.println("thawing");
                    System.out.println("thawed " + frozen.thaw());
                }
            }
        }
    }

    static Process start(final Path directory, final Path device, final long limitNs, final String mode)
        throws IOException
    {
        // a group of its own, so that a signal to the group does not end the test
        final List<String> command = new ArrayList<>(List.of("setsid", System.getProperty("java.home") + "/bin/java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FreezingProcess.class.getName(),
            directory.toString(), device.toString(), String.valueOf(limitNs), mode));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Waits until one of its threads is in the system call that freezes. */
    static void awaitFreezing(final ProcessHandle process) throws IOException
    {
        final long deadlineNs = System.nanoTime() + SECONDS.toNanos(20);
        while (systemCallsOf(process).stream().noneMatch(call -> call.contains(FIFREEZE)))
        {
            assertThat(process.isAlive()).isTrue();
            assertThat(System.nanoTime()).as("a thread freezes").isLessThan(deadlineNs);
        }
    }

    private static List<String> systemCallsOf(final ProcessHandle process) throws IOException
    {
        final List<String> calls = new ArrayList<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task")))
        {
            for (final Path thread : threads.toList())
            {
                try
                {
                    calls.add(Files.readString(thread.resolve("syscall")));
                }
                catch (final IOException ex)
                {
                    // it has ended since it was listed
                    calls.add("");
                }
            }
        }
        return calls;
    }
}
