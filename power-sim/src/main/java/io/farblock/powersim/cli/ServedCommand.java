package io.farblock.powersim.cli;

import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ControlClient;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command of any simulator that is about something which a server may serve: what it asks and how it prints. One use,
 * on the main thread; what it throws is reported by {@link Program}.
 */
public abstract class ServedCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    /** Whom to ask. */
    protected abstract ControlClient client() throws ServeException;

    protected final void print(final String text)
    {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }

    /** From any thread. */
    protected final void warn(final String text)
    {
        spec.commandLine().getErr().println(spec.root().name() + ": " + text);
    }

    /** Lines that have their ends. */
    protected final void show(final String lines)
    {
        spec.commandLine().getOut().print(lines);
        spec.commandLine().getOut().flush();
    }

    /** Whether what was printed went nowhere. */
    protected final boolean isUnread()
    {
        return spec.commandLine().getOut().checkError();
    }

    /** Asks the server; what it refused is an error. */
    protected final String answer(final String... words) throws ServeException
    {
        final Answer answer = client().ask(words);
        if (answer.exit() != ExitCode.DONE)
        {
            throw new ServeException(answer.exit(), answer.text());
        }
        return answer.text();
    }

    /** Asks the server, and prints what it says. */
    protected final int ask(final String... words) throws ServeException
    {
        print(answer(words));
        return ExitCode.DONE.number();
    }
}
