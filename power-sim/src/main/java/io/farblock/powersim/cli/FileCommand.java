package io.farblock.powersim.cli;

import io.farblock.powersim.command.Answer;
import io.farblock.powersim.command.ExitCode;
import io.farblock.powersim.command.ServeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command about the UPSes of a file. One use, on the main thread; what it throws is reported by the program. */
abstract class FileCommand implements Callable<Integer>
{
    @Parameters(index = "0", paramLabel = "UPS.toml", description = "the file that describes the UPSes")
    private Path file;

    @Spec
    private CommandSpec spec;

    final Path file()
    {
        return file;
    }

    final void print(final String text)
    {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }

    /** From any thread. */
    final void warn(final String text)
    {
        spec.commandLine().getErr().println("power-sim: " + text);
    }

    /** Lines that have their ends. */
    final void show(final String lines)
    {
        spec.commandLine().getOut().print(lines);
        spec.commandLine().getOut().flush();
    }

    /** Whether what was printed went nowhere. */
    final boolean isUnread()
    {
        return spec.commandLine().getOut().checkError();
    }

    /** Asks the server; what it refused is an error. */
    final String answer(final List<String> words) throws ServeException
    {
        final Answer answer = Launch.client(file).ask(words.toArray(new String[0]));
        if (answer.exit() != ExitCode.DONE)
        {
            throw new ServeException(answer.exit(), answer.text());
        }
        return answer.text();
    }

    /** Asks the server, and prints what it says. */
    final int ask(final String... words) throws ServeException
    {
        print(answer(List.of(words)));
        return ExitCode.DONE.number();
    }
}
