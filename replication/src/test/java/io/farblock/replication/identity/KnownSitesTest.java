package io.farblock.replication.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KnownSitesTest
{
    private static final Fingerprint ONE = Fingerprint.parse("ab".repeat(32));
    private static final Fingerprint TWO = Fingerprint.parse("cd".repeat(32));

    @TempDir
    private Path directory;
    private Path peers;
    private KnownSites sites;

    @BeforeEach
    void name()
    {
        peers = directory.resolve("peers");
        sites = new KnownSites(peers);
    }

    @Test
    void shouldKnowNobodyAtFirst() throws IOException
    {
        assertThat(sites.fingerprints("beta")).isEmpty();
        assertThat(peers).as("nothing is made by looking").doesNotExist();
    }

    @Test
    void shouldKeepWhatWasAdded() throws IOException
    {
        sites.add("beta", ONE);
        sites.add("beta", TWO);
        sites.add("beta", ONE);

        assertThat(new KnownSites(peers).fingerprints("beta")).containsExactly(ONE, TWO);
        assertThat(sites.fingerprints("gamma")).isEmpty();
    }

    @Test
    void shouldReplaceEvenWhatCannotBeRead() throws IOException
    {
        sites.add("beta", ONE);
        Files.writeString(sites.file("beta"), "nonsense\n");

        sites.replace("beta", TWO);

        assertThat(sites.fingerprints("beta")).containsExactly(TWO);
    }

    @Test
    void shouldReadWhatPeopleWrite() throws IOException
    {
        Files.createDirectories(peers);
        Files.writeString(sites.file("beta"), "# beta, since spring\n\n  " + "AB:".repeat(31) + "AB   # old\n" +
            TWO.text());

        sites.add("beta", Fingerprint.parse("ef".repeat(32)));

        assertThat(sites.fingerprints("beta")).containsExactly(ONE, TWO, Fingerprint.parse("ef".repeat(32)));
        assertThat(sites.file("beta")).content().startsWith("# beta, since spring\n");
    }

    @Test
    void shouldNameFileLineAndWhatItFound() throws IOException
    {
        Files.createDirectories(peers);
        Files.writeString(sites.file("beta"), ONE + "\nsha256:12\u001b[2J\n");

        assertThatThrownBy(() -> sites.fingerprints("beta")).isInstanceOf(IdentityException.class)
            .hasMessage(sites.file("beta") + ":2: found \"sha256:12?[2J\", expected sha256: and 64 hexadecimal " +
                "digits; correct the line, or put '#' before it");
        assertThatThrownBy(() -> sites.add("beta", TWO)).hasMessageContaining("beta.pins:2");
        assertThat(sites.file("beta")).content().doesNotContain(TWO.text());
    }

    @Test
    void shouldNotGiveAwayWhatTheOwnerOfTheDirectoryLinkedThere() throws IOException
    {
        assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs root");
        final Path roots = Files.createFile(directory.resolve("shadow"));
        Files.createDirectory(peers);
        Files.setAttribute(peers, "unix:uid", 12345);
        Files.createLink(peers.resolve(".lock"), roots);

        assertThatThrownBy(() -> sites.add("beta", ONE)).isInstanceOf(IdentityException.class)
            .hasMessageContaining(".lock: found a file with several names");

        assertThat(Files.getAttribute(roots, "unix:uid")).isEqualTo(0);
        assertThat(sites.fingerprints("beta")).isEmpty();
    }

    @Test
    void shouldNotReadAFileOfAnySize() throws IOException
    {
        Files.createDirectories(peers);
        Files.write(sites.file("beta"), new byte[DurableFile.LARGEST_BYTES + 1]);

        assertThatThrownBy(() -> sites.fingerprints("beta")).hasMessageContaining("more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", ".hidden", "-x", "a\u0000b", "a b", "ä", "a\nb"})
    void shouldRefuseNamesThatAreNone(final String name)
    {
        assertThatThrownBy(() -> sites.fingerprints(name)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("site name: found ");
        assertThatThrownBy(() -> sites.add(name, ONE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(peers).doesNotExist();
    }
}
