package io.farblock.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.KnownSites;
import io.farblock.replication.identity.SiteIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two sites with a configuration each, as people would pair them. */
@Timeout(60)
final class PairCommandTest
{
    private static final Pattern CODE = Pattern.compile("code +(\\S+)\n");
    private static final Fingerprint OLD = Fingerprint.parse("ab".repeat(32));

    @TempDir
    private Path directory;
    private String place;
    private Output offered;
    private Output joined;
    private CompletableFuture<Integer> offer;

    /** What a command printed, read while it runs. */
    private static final class Output
    {
        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();

        private int run(final String... arguments)
        {
            return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        }
    }

    @BeforeEach
    void findPlace() throws IOException
    {
        try (ServerSocket free = LoopbackPort.anyFree())
        {
            place = "127.0.0.1:" + free.getLocalPort();
        }
        offered = new Output();
        joined = new Output();
    }

    @Test
    void shouldPinEachOther() throws Exception
    {
        offer("alpha");

        final int exit = join("beta", code());

        assertThat(exit).isZero();
        assertThat(offer.get()).isZero();
        assertThat(pins("alpha").fingerprints("beta")).containsExactly(fingerprint("beta"));
        assertThat(pins("beta").fingerprints("alpha")).containsExactly(fingerprint("alpha"));
        assertThat(offered.out.toString()).contains("site         alpha", "pair join " + place, "paired with  beta",
            "fingerprint  " + fingerprint("beta"), "pinned in    " + pins("alpha").file("beta"));
        assertThat(joined.out.toString()).contains("paired with  alpha", "fingerprint  " + fingerprint("alpha"),
            "The configuration does not name alpha yet");
        assertThat(offered.err.toString() + joined.err).isEmpty();
    }

    @Test
    void shouldPairOnceMoreWithoutAWord() throws Exception
    {
        shouldPinEachOther();
        findPlace();

        shouldPinEachOther();
    }

    @Test
    void shouldAskForTheCode() throws Exception
    {
        final InputStream before = System.in;
        offer("alpha");

        System.setIn(new ByteArrayInputStream((code().toLowerCase() + "\n").getBytes(StandardCharsets.US_ASCII)));
        final int exit;
        try
        {
            exit = joined.run("pair", "join", place, "--config", config("beta").toString());
        }
        finally
        {
            System.setIn(before);
        }

        assertThat(exit).isZero();
        assertThat(joined.err.toString()).isEqualTo("code that the other site shows: ");
        assertThat(offer.get()).isZero();
    }

    @Test
    void shouldFailAfterThreeWrongCodes() throws Exception
    {
        offer("alpha");
        final String wrong = code().endsWith("A") ? "2222-222B" : "2222-222A";

        for (int i = 0; i < 3; i++)
        {
            assertThat(join("beta", wrong)).isEqualTo(1);
        }

        assertThat(offer.get()).isEqualTo(1);
        assertThat(joined.err.toString()).contains("the other site says: the codes differ", "nothing is pinned");
        assertThat(offered.err.toString()).contains("(3 of 3)", "the code is void", "nothing is pinned");
        assertThat(pins("alpha").fingerprints("beta")).isEmpty();
        assertThat(pins("beta").fingerprints("alpha")).isEmpty();
    }

    @Test
    void shouldNotReplaceAPinUnasked() throws Exception
    {
        pins("alpha").add("beta", OLD);
        offer("alpha");

        assertThat(join("beta", code())).isEqualTo(3);

        assertThat(offer.get()).isEqualTo(3);
        assertThat(offered.err.toString()).contains("is pinned with another fingerprint in",
            "--site beta --replace here", "nothing is pinned");
        assertThat(joined.err.toString()).contains("--site beta --replace there", "nothing is pinned");
        assertThat(pins("alpha").fingerprints("beta")).containsExactly(OLD);
        assertThat(pins("beta").fingerprints("alpha")).isEmpty();
    }

    @Test
    void shouldReplaceAPinWhenAsked() throws Exception
    {
        pins("beta").add("alpha", OLD);
        offer("alpha");

        assertThat(join("beta", code(), "--site", "alpha", "--replace")).isZero();

        assertThat(offer.get()).isZero();
        assertThat(pins("beta").fingerprints("alpha")).containsExactly(fingerprint("alpha"));
    }

    @Test
    void shouldPairWithNoOtherSiteThanWasMeant() throws Exception
    {
        pins("beta").add("alpha", OLD);
        pins("beta").add("gamma", OLD);
        offer("alpha");

        assertThat(join("beta", code(), "--site", "gamma", "--replace")).isEqualTo(3);

        assertThat(offer.get()).isEqualTo(3);
        assertThat(joined.err.toString()).contains("found alpha, expected gamma", "nothing is pinned");
        assertThat(offered.err.toString()).contains("the other site says: another site was meant", "nothing is pinned");
        assertThat(pins("beta").fingerprints("alpha")).containsExactly(OLD);
        assertThat(pins("beta").fingerprints("gamma")).containsExactly(OLD);
    }

    @Test
    void shouldNotReplaceWithoutSayingWhom() throws Exception
    {
        assertThat(join("beta", "K7QX-M2PD", "--replace")).isEqualTo(2);

        assertThat(joined.err.toString()).contains("--replace: found no --site NAME");
    }

    @Test
    void shouldRefuseASiteOfTheSameName() throws Exception
    {
        offer("alpha");
        final Path other = Files.createDirectory(directory.resolve("elsewhere"));
        final Path namesake = Files.writeString(other.resolve("farblock.toml"),
            Files.readString(config("alpha")).replace(directory.toString(), other.toString()));

        assertThat(joined.run("pair", "join", place, "--config", namesake.toString(), "--code", code())).isEqualTo(3);

        assertThat(joined.err.toString()).contains("both sites have the same name", "nothing is pinned");
        assertThat(join("beta", code())).as("the offer goes on").isZero();
        assertThat(offer.get()).isZero();
        assertThat(offered.err.toString()).contains("who calls itself alpha was refused");
    }

    @Test
    void shouldSayThatNobodyOffersAndThatNobodyCame() throws Exception
    {
        assertThat(join("beta", "K7QX-M2PD")).isEqualTo(3);
        assertThat(joined.err.toString()).contains("nobody offers to pair at " + place, "run farblock pair offer");

        assertThat(offered.run("pair", "offer", "--config", config("alpha").toString(), "--listen", place,
            "--for", "10ms")).isEqualTo(3);
        assertThat(offered.err.toString()).contains("nobody came within 10 ms");
    }

    @Test
    void shouldSayThatThePlaceIsTaken() throws Exception
    {
        try (ServerSocket taken = LoopbackPort.anyFree())
        {
            place = "127.0.0.1:" + taken.getLocalPort();

            assertThat(offered.run("pair", "offer", "--config", config("alpha").toString(), "--listen", place))
                .isEqualTo(3);
        }
        assertThat(offered.err.toString()).contains("cannot wait at " + place, "--listen");
    }

    @Test
    void shouldSayWhatIsWrongWithTheIdentity() throws Exception
    {
        SiteIdentity.openOrMake(directory.resolve("beta/identity"), "beta", new SecureRandom());
        Files.delete(directory.resolve("beta/identity/key.pem"));

        assertThat(join("beta", "K7QX-M2PD")).isEqualTo(1);

        assertThat(joined.err.toString()).contains("key.pem: found no such file", "restore it from a backup");
    }

    @Test
    void shouldCallBadUsageTwo() throws IOException
    {
        final String config = config("beta").toString();
        final String[][] wrong = {
            {"pair"}, {"pair", "offer"}, {"pair", "join", place},
            {"pair", "join", "x", "--config", config},
            {"pair", "join", place, "--config", config, "--code", "0O1I"},
            {"pair", "offer", "--config", config, "--for", "soon"},
            {"pair", "offer", "--config", config, "--for", "61m"},
            {"pair", "offer", "--config", config, "--listen", "host:1"}};

        for (final String[] arguments : wrong)
        {
            assertThat(joined.run(arguments)).as(String.join(" ", arguments)).isEqualTo(2);
        }
        assertThat(joined.err.toString()).contains("pair offer or pair join", "eight letters and digits");
    }

    private void offer(final String site) throws IOException
    {
        final String config = config(site).toString();
        offer = CompletableFuture.supplyAsync(() ->
            offered.run("pair", "offer", "--config", config, "--listen", place, "--for", "50s"));
    }

    private int join(final String site, final String code, final String... more) throws IOException
    {
        final String[] arguments = Arrays.copyOf(new String[]{"pair", "join", place, "--config",
            config(site).toString(), "--code", code}, 7 + more.length);
        System.arraycopy(more, 0, arguments, 7, more.length);
        return joined.run(arguments);
    }

    /** The code, as soon as it is shown. */
    private String code()
    {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() - endNs < 0)
        {
            final Matcher shown = CODE.matcher(offered.out.toString());
            if (shown.find())
            {
                return shown.group(1);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no code: " + offered.out + offered.err);
    }

    private Path config(final String site) throws IOException
    {
        return Files.writeString(directory.resolve(site + ".toml"), "site = \"" + site + "\"\nstate = \"" +
            directory.resolve(site) + "\"\ncontrol = \"" + directory.resolve(site + ".sock") +
            "\"\n[listen]\naddresses = [\"127.0.0.1:1\"]\ninsecure = true\n");
    }

    private KnownSites pins(final String site)
    {
        return new KnownSites(directory.resolve(site).resolve("peers"));
    }

    private Fingerprint fingerprint(final String site) throws IOException
    {
        return SiteIdentity.openOrMake(directory.resolve(site).resolve("identity"), site, new SecureRandom())
            .fingerprint();
    }
}
