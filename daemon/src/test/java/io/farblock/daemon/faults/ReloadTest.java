package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.linux.Images;
import io.farblock.daemon.control.ControlClient;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.control.Request;
import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.KnownSites;
import io.farblock.replication.identity.SiteIdentity;
import io.farblock.replication.status.SourceStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running site takes over from its files, and what it does not. */
@Timeout(120)
class ReloadTest
{
    @TempDir
    private Path directory;
    private TwoDaemons daemons;

    @BeforeEach
    void replicate() throws Exception
    {
        daemons = new TwoDaemons(directory);
        Images.mixed(daemons.image, 4 << 20, new Random(31));
        daemons.start();
        daemons.sealed();
    }

    @AfterEach
    void stop() throws Exception
    {
        daemons.close();
    }

    @Test
    void shouldDropALivePeerThatIsNoLongerKnownAndTakeItBackWhenItIsPinned() throws Exception
    {
        final Fingerprint alpha = TwoDaemons.identity(daemons.sourceState()).fingerprint();
        final String config = daemons.targetConfig();
        Files.writeString(daemons.target.configFile(), config.replace(TwoDaemons.pin(daemons.sourceState()), ""));

        assertThat(reload(daemons.target)).isEqualTo("taken over: peer.fingerprints of alpha");

        Deadline.await("both lines are gone", 20, () ->
            source().paths().stream().noneMatch(path -> path.state().equals("up")));
        Deadline.await("the peer is a stranger now", 20, () ->
            daemons.target.status().target().lastRefusal().contains(alpha.text()));
        new KnownSites(daemons.targetState().resolve("peers")).add("alpha", alpha);
        assertThat(reload(daemons.target)).contains("pins were read again");
        daemons.sealed();
    }

    @Test
    void shouldChangeTheSourcesCertificate() throws Exception
    {
        final SiteIdentity next = SiteIdentity.openOrMake(directory.resolve("next"), "alpha", new SecureRandom());
        new KnownSites(daemons.targetState().resolve("peers")).add("alpha", next.fingerprint());
        reload(daemons.target);
        final String session = source().session();
        Files.writeString(daemons.source.configFile(), "certificate = \"" + directory.resolve("next/certificate.pem") +
            "\"\nkey = \"" + directory.resolve("next/key.pem") + "\"\n" + daemons.sourceConfig());

        assertThat(reload(daemons.source)).isEqualTo("taken over: certificate, key");

        Deadline.await("another session", 20, () -> !source().session().equals(session));
        Images.change(daemons.image, 5, 100_000, new Random(4));
        daemons.sealed();
        assertThat(daemons.source.log()).contains("fingerprint=" + next.fingerprint());
    }

    @Test
    void shouldNameWhatWaitsForARestartAndChangeNothingForAFileWithMistakes() throws Exception
    {
        final String config = daemons.sourceConfig();
        Files.writeString(daemons.source.configFile(), config.replace("window = ", "winndow = "));
        assertThatThrownBy(() -> reload(daemons.source)).isInstanceOf(ControlException.class)
            .hasMessageContaining("stays as it was").hasMessageContaining("did you mean window?");
        Files.writeString(daemons.source.configFile(), "certificate = \"/nowhere/c\"\nkey = \"/nowhere/k\"\n" + config);
        assertThatThrownBy(() -> reload(daemons.source)).hasMessageContaining("/nowhere/k");

        Files.writeString(daemons.source.configFile(), config.replace("window = \"2MiB\"", "window = \"4MiB\""));

        assertThat(reload(daemons.source)).contains("no key has changed").contains("waiting for a restart: window");
        daemons.sealed();
    }

    private static String reload(final DaemonProcess daemon) throws ControlException
    {
        try (ControlClient client = ControlClient.open(daemon.socket()))
        {
            return client.ask(Request.reload(), progress -> { }).message();
        }
    }

    private SourceStatus source()
    {
        return daemons.source.status().sources().get(0);
    }
}
