package io.farblock.raidsim.cli;

import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raid-sim scrub}: compares all copies or parities; waiting ends with exit code 4 when some differ. */
@Command(name = "scrub", description = "Compare all copies or parities.", mixinStandardHelpOptions = true)
final class ScrubCommand extends ArrayCommand
{
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    @Option(names = "--repair", description = "correct what differs, by the data")
    private boolean repair;

    @Option(names = "--stop", description = "give up the scrub that runs")
    private boolean stop;

    @Option(names = "--wait", description = "return when it has ended, and say what it found")
    private boolean wait;

    @Override
    public Integer call() throws ServeException
    {
        final int exit = ask("scrub", stop ? "stop" : repair ? "repair" : "check");
        return wait && !stop ? await() : exit;
    }

    private int await() throws ServeException
    {
        Answer answer = Launch.client(file()).ask("scrubbed");
        while (answer.exit() == ExitCode.NOT_NOW && !Thread.currentThread().isInterrupted())
        {
            LockSupport.parkNanos(POLL_NS);
            answer = Launch.client(file()).ask("scrubbed");
        }
        print(answer.text());
        return answer.exit().number();
    }
}
