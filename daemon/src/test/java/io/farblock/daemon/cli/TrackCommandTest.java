package io.farblock.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.replication.StateLock;
import io.farblock.replication.marks.BootNote;
import io.farblock.replication.source.EarlyTracking.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command prints and how it ends; what it does is tested with real devices elsewhere. */
class TrackCommandTest
{
    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldSayWhatTheNextEpochCompares()
    {
        final BootNote narrowed = new BootNote(new UUID(0, 1), true, 3 << 20, "saved map of a clean shutdown", true);

        assertThat(TrackCommand.text(new Outcome("vms/disk", true, narrowed, "is followed")))
            .isEqualTo("vms/disk: is followed; the next epoch compares 3 MiB: saved map of a clean shutdown");
        assertThat(TrackCommand.text(new Outcome("vms/disk", true,
            new BootNote(new UUID(0, 1), false, 1 << 30, "no saved map", true), "is followed")))
            .isEqualTo("vms/disk: is followed; the next epoch compares everything: no saved map");
        assertThat(TrackCommand.text(new Outcome("vms/disk", false, null, "gone"))).isEqualTo("vms/disk: gone");
    }

    @Test
    void shouldNameAVolumeThatCannotBeFollowed() throws IOException
    {
        Files.createDirectories(directory.resolve("state/source/beta"));

        final int exit = run("track", "attach", "--config", config("bpf").toString());

        assertThat(exit).isEqualTo(1);
        assertThat(out.toString()).startsWith("vms/disk: ").hasLineCount(1);
    }

    @Test
    void shouldSaveNothingWhereNothingWasEverSaved() throws IOException
    {
        final int exit = run("track", "save", "--json", "--config", config("bpf").toString());

        assertThat(exit).isEqualTo(1);
        assertThat(out.toString()).contains("\"volume\":\"vms/disk\"", "\"done\":false",
            "keep the state directory on the root file system");
        assertThat(directory.resolve("state")).as("nothing is made where a file system may be missing")
            .doesNotExist();
    }

    @Test
    void shouldHaveNothingToDoForVolumesThatAreScanned() throws IOException
    {
        assertThat(run("track", "attach", "--config", config("scan").toString())).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldNotMeetADaemonThatRuns() throws IOException
    {
        final StateLock daemon = StateLock.take(directory.resolve("state/source/beta"));

        final int exit = run("track", "save", "--config", config("bpf").toString());

        daemon.close();
        assertThat(exit).isEqualTo(3);
        assertThat(err.toString()).contains("is the daemon running already?");
    }

    @Test
    void shouldNameTheMistakesOfAConfiguration() throws IOException
    {
        final Path wrong = Files.writeString(directory.resolve("wrong.toml"), "site = 1\n");

        assertThat(run("track", "attach", "--config", wrong.toString())).isEqualTo(2);
        assertThat(run("track")).isEqualTo(2);
        assertThat(err.toString()).contains("track attach or track save?");
    }

    private int run(final String... arguments)
    {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path config(final String tracking) throws IOException
    {
        final Path device = tracking.equals("scan") ? Files.createFile(directory.resolve("image")) :
            directory.resolve("no-device");
        return Files.writeString(directory.resolve("farblock.toml"), "site = \"alpha\"\nstate = \"" +
            directory.resolve("state") + "\"\ncontrol = \"" + directory.resolve("c.sock") + "\"\n[[peer]]\n" +
            "name = \"beta\"\ninsecure = true\n[[peer.path]]\nname = \"p\"\nremote = \"127.0.0.1:1\"\n[[group]]\n" +
            "name = \"vms\"\npeer = \"beta\"\n[[group.volume]]\nname = \"disk\"\ndevice = \"" + device +
            "\"\ntracking = \"" + tracking + "\"\n");
    }
}
