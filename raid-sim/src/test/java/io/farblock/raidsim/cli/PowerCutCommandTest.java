package io.farblock.raidsim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.nbd.NbdBlockDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The power goes while clients write: what was flushed is there, and stripes are whole again, by journal or resync. */
class PowerCutCommandTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("raid-", "nbd-", "lab-");

    private static final String JOURNAL = "[journal]\nfile = \"log0.img\"\nsize = \"8M\"\n";
    private static final int BLOCK_BYTES = 16 * 1024;
    private static final int BLOCKS = 16;
    private static final byte[] FLUSHED = DeviceBytes.pattern(1, 1 << 18);
    private static final byte[] LATER = DeviceBytes.pattern(2, 1 << 18);

    @TempDir
    private Path directory;

    @Test
    void shouldReplayTheJournal() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n" + JOURNAL, 3, 3))
        {
            lab.done("create");
            lab.serve().write(0, FLUSHED);

            final String said = cutInMidWrite(lab);

            assertThat(said).contains("the power of lab was cut, seed 7", "disk0  ", "log0   ", " kept, ", " torn");
            assertThat(lab.complaints()).contains("raid-sim: the power of lab was cut, seed 7");
            assertThat(lab.done("status")).contains("not stopped cleanly", "log0");
            lab.serve();
            assertThat(lab.done("status")).contains("-  log0   in use   journal")
                .containsPattern("\\d+ writes of stripes were done again from the journal")
                .doesNotContain("resync");
            assertWhole(lab);
        }
    }

    @Test
    void shouldResyncWithoutJournal() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\nlog = \"faults.log\"\n", 3, 3))
        {
            lab.done("create");
            lab.serve().write(0, FLUSHED);

            cutInMidWrite(lab);

            assertThat(Files.readString(directory.resolve("faults.log"))).contains("power-cut disk=2 seed=9 kept=");
            lab.serve();
            lab.awaitStatus("resync ended");
            assertWhole(lab);
        }
    }

    @Test
    void shouldNotReplayWhatIsOlderThanARunWithoutTheJournal() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n" + JOURNAL, 3, 3))
        {
            lab.done("create");
            lab.serve().write(0, FLUSHED);
            lab.cut(1);
            final String text = Files.readString(lab.file);
            Files.writeString(lab.file, text.replace(JOURNAL, ""));
            lab.serve().write(0, LATER);
            lab.stop();
            Files.writeString(lab.file, text);

            // the second start finds the journal up to date, which the first has made it
            lab.serve().cut(2);
            lab.serve();

            assertThat(lab.read(0, LATER.length)).isEqualTo(LATER);
            assertThat(lab.done("scrub", "--wait")).contains("0 sectors differ");
        }
    }

    @Test
    void shouldGiveUpAJournalThatIsPulled() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n" + JOURNAL, 3, 3))
        {
            lab.done("create");
            lab.serve().done("pull", "log0");

            lab.write(0, FLUSHED);

            assertThat(lab.done("status")).contains("log0   given up  journal", "journal log0 is out", "pulled");
            assertThat(lab.run("add", "log0").err()).contains("log0 is the journal; expected a disk");
            assertThat(lab.done("plug", "log0")).contains("used again when lab is served again");
            lab.stop();
            lab.serve();
            assertThat(lab.done("status", "--json")).contains("\"journal\":{\"name\":\"log0\",\"state\":\"in use\"");
            assertThat(lab.read(0, FLUSHED.length)).isEqualTo(FLUSHED);
        }
    }

    @Test
    void shouldKeepWhatAJournalsImageHolds() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n", 3, 3))
        {
            lab.done("create");
            final Path precious = Files.write(directory.resolve("log0.img"), DeviceBytes.pattern(9, 8 << 20));
            Files.writeString(lab.file, Files.readString(lab.file) + JOURNAL);

            final CommandLab.Outcome refused = lab.run("serve", "--listen", lab.address.toString());

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("log0 holds something that is no journal");
            assertThat(Files.readAllBytes(precious)).isEqualTo(DeviceBytes.pattern(9, 8 << 20));
            Files.delete(precious);
            assertThat(lab.run("serve", "--listen", lab.address.toString()).err()).contains("truncate -s 8388608");
        }
    }

    /** Behind what was flushed, block after block again and again, until the server is gone. */
    private static String cutInMidWrite(final CommandLab lab) throws Exception
    {
        final AtomicInteger written = new AtomicInteger();
        final CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeUntilItFails(lab, written));
        CommandLab.await(() -> written.get() > BLOCKS || writer.isDone());
        final String said = lab.cut(7);
        writer.join();
        return said;
    }

    private static void writeUntilItFails(final CommandLab lab, final AtomicInteger written)
    {
        try (NbdBlockDevice client = lab.client())
        {
            final DeviceBytes bytes = new DeviceBytes(client);
            int result = 0;
            for (int i = 0; result >= 0; i++)
            {
                final long at = FLUSHED.length + (long)(i % BLOCKS) * BLOCK_BYTES;
                result = bytes.tryWrite(at, DeviceBytes.filled(1 + i / BLOCKS % 100, BLOCK_BYTES));
                written.incrementAndGet();
            }
        }
        catch (final IOException refused)
        {
            throw new UncheckedIOException(refused);
        }
    }

    private static void assertWhole(final CommandLab lab) throws Exception
    {
        assertThat(lab.read(0, FLUSHED.length)).isEqualTo(FLUSHED);
        assertThat(lab.done("scrub", "--wait")).contains("check ended, 0 sectors differ");
        final byte[] before = lab.read(0, FLUSHED.length + BLOCKS * BLOCK_BYTES);
        lab.done("fail", "1");
        assertThat(Arrays.equals(lab.read(0, before.length), before)).as("computed for the lost disk").isTrue();
    }
}
