package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a file that is read again changes now, and what later. */
class ConfigChangeTest
{
    private static final String PIN = "sha256:" + "ab".repeat(32);
    private static final String FILE = """
        site = "alpha"
        [listen]
        addresses = ["127.0.0.1:7700"]
        [[peer]]
        name = "beta"
        [[peer.path]]
        name = "fibre"
        remote = "127.0.0.1:7701"
        [[group]]
        name = "vms"
        peer = "beta"
        [[group.volume]]
        name = "disk0"
        device = "/dev/md0"
        """;

    @Test
    void shouldFindNothingInTheSameFile() throws ConfigException
    {
        final ConfigChange change = ConfigChange.between(parse(FILE), parse(FILE));

        assertThat(change.applied()).isEmpty();
        assertThat(change.atRestart()).isEmpty();
        assertThat(change.next()).isEqualTo(parse(FILE));
        assertThat(change.text()).isEqualTo("no key has changed; certificates and pins were read again");
    }

    @Test
    void shouldTakeOverWhomASiteKnowsAndWhatItIsKnownBy() throws ConfigException
    {
        final DaemonConfig file = parse("certificate = \"/c\"\nkey = \"/k\"\nauthority = \"/a\"\n"
            + FILE.replace("name = \"beta\"", "name = \"beta\"\nfingerprints = [\"" + PIN + "\"]"));

        final ConfigChange change = ConfigChange.between(parse(FILE), file);

        assertThat(change.applied()).containsExactly("authority", "certificate", "key", "peer.fingerprints of beta");
        assertThat(change.atRestart()).isEmpty();
        assertThat(change.next()).isEqualTo(file);
    }

    @Test
    void shouldLeaveTheRestAndNameIt() throws ConfigException
    {
        final DaemonConfig file = parse(FILE.replace("7701", "7702").replace("/dev/md0", "/dev/md1")
            .replace("[listen]", "window = \"64MiB\"\n[listen]\ninsecure = true")
            + "[[replica]]\npeer = \"gamma\"\ngroup = \"g\"\nvolume = \"v\"\ndevice = \"/v\"\n");

        final ConfigChange change = ConfigChange.between(parse(FILE), file);

        assertThat(change.applied()).isEmpty();
        assertThat(change.atRestart()).containsExactly(
            "[[group]] vms", "[[peer.path]] of beta", "[[replica]]", "listen.insecure", "window");
        assertThat(change.next()).isEqualTo(parse(FILE));
    }

    @Test
    void shouldKeepTheWayToAPeerThatTheFileForgot() throws ConfigException
    {
        final DaemonConfig file = parse(FILE.replace("beta", "gamma"));

        final ConfigChange change = ConfigChange.between(parse(FILE), file);

        assertThat(change.atRestart())
            .containsExactly("[[group]] vms", "[[peer.path]] of beta", "[[peer.path]] of gamma");
        assertThat(change.next().sources()).isEqualTo(parse(FILE).sources());
        assertThat(change.next().peer("gamma").paths()).isEmpty();
    }

    private static DaemonConfig parse(final String text) throws ConfigException
    {
        return ConfigFile.parse("f", text, 2);
    }
}
