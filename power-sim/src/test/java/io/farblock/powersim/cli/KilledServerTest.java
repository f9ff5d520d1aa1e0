package io.farblock.powersim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The serving process is killed: the next one takes its place, and its file, at once. */
class KilledServerTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldTakeTheDeadOnesPlace() throws Exception
    {
        try (PowerLab lab = new PowerLab(directory, "", "[[ups]]\nname = \"ups\"\n"))
        {
            final List<String> command = new ArrayList<>(List.of(Path.of(
                System.getProperty("java.home"), "bin", "java").toString()));
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter((argument) -> argument.startsWith("--add-")).forEach(command::add);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "ups", "serve",
                lab.file.toString()));
            final Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
            try
            {
                final String first = new String(server.getInputStream().readNBytes(24));
                assertThat(first).contains("ups is served: upsc ups@");
                lab.done("cut");
            }
            finally
            {
                server.destroyForcibly().waitFor();
            }
            assertThat(Files.exists(Path.of(lab.file + ".sock"))).isTrue();
            assertThat(lab.run("status").exit()).isEqualTo(3);

            lab.serve();

            assertThat(lab.done("status")).contains("ups  OL\n");
        }
    }
}
