package io.farblock.raidsim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.nbd.NbdBlockDevice;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The serving process is killed in the middle of writes: the next one resyncs, and what was durable is there. */
class KilledServerTest
{
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int BLOCKS = 48;
    private static final byte[] OLD = DeviceBytes.filled(1, BLOCKS * BLOCK_BYTES);

    @TempDir
    private Path directory;

    @Test
    void shouldResyncAndKeepWhatWasDurable() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n", 3, 3))
        {
            lab.done("create");
            final Process server = start(lab);
            try
            {
                lab.write(0, OLD);
                writeUntilKilled(lab, server);
            }
            finally
            {
                server.destroyForcibly().waitFor();
            }
            assertThat(lab.done("status")).contains("not stopped cleanly");

            lab.serve();

            lab.awaitStatus("resync ended");
            assertThat(lab.done("scrub", "--wait")).contains("0 sectors differ");
            final byte[] found = lab.read(0, OLD.length);
            for (int i = 0; i < BLOCKS; i++)
            {
                assertOldOrNew(Arrays.copyOfRange(found, i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES), i);
            }
        }
    }

    private static void writeUntilKilled(final CommandLab lab, final Process server) throws Exception
    {
        try (NbdBlockDevice client = lab.client())
        {
            final byte[] fresh = DeviceBytes.filled(2, BLOCK_BYTES);
            int result = 0;
            for (int i = 0; i < BLOCKS && result >= 0; i++)
            {
                result = new DeviceBytes(client).tryWrite((long)i * BLOCK_BYTES, fresh);
                if (i == BLOCKS / 2)
                {
                    server.destroyForcibly();
                }
            }
        }
    }

    /** A block that was in flight may be torn between sectors, never inside one. */
    private static void assertOldOrNew(final byte[] block, final int number)
    {
        for (int at = 0; at < block.length; at += 512)
        {
            final byte[] sector = Arrays.copyOfRange(block, at, at + 512);
            final boolean isNew = Arrays.equals(sector, DeviceBytes.filled(2, 512));
            final boolean mayBeOld = number > BLOCKS / 2 && Arrays.equals(sector, DeviceBytes.filled(1, 512));
            assertThat(isNew || mayBeOld).as("block %d at %d", number, at).isTrue();
        }
    }

    private static Process start(final CommandLab lab) throws Exception
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((argument) -> argument.startsWith("--add") || argument.startsWith("--enable") ||
                argument.startsWith("--sun") || argument.startsWith("-Djnr"))
            .filter((argument) -> !argument.contains("incubator")).forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "-XX:MaxDirectMemorySize=512m",
            "-cp", System.getProperty("java.class.path"), Main.class.getName(),
            "serve", lab.file.toString(), "--listen", lab.address.toString()));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final int first = process.getInputStream().read();
        assertThat(first).as("the server says where it is").isNotEqualTo(-1);
        return process;
    }
}
