package io.farblock.daemon.cli;

import io.farblock.daemon.config.ConfigException;
import io.farblock.daemon.config.ConfigFile;
import io.farblock.daemon.config.ConfigTable;
import io.farblock.daemon.config.DaemonConfig;
import io.farblock.daemon.control.ExitCode;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farblock config}: checks a file, or lists what may stand in one. Touches nothing but the file. */
@Command(name = "config", description = "Check a configuration file, or list every key.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new CommandLine.ParameterException(spec.commandLine(), "config check FILE or config show?");
    }

    @Command(name = "check", description = "Check a file; every mistake is one line.", mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "FILE", description = "the configuration file") final Path file)
        throws ConfigException
    {
        final DaemonConfig config = ConfigFile.read(file);
        spec.commandLine().getOut().println(file + ": good: site " + config.site() + " sends "
            + config.groups().size() + " group(s) to " + config.peers().size() + " peer(s), receives "
            + config.replicas().size() + " replica(s)");
        return ExitCode.DONE.number();
    }

    @Command(name = "show", description = "Every key, its default, its unit, its meaning.",
        mixinStandardHelpOptions = true)
    int show()
    {
        spec.commandLine().getOut().print(ConfigTable.text());
        spec.commandLine().getOut().flush();
        return ExitCode.DONE.number();
    }
}
