package io.farblock.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.daemon.power.PowerAction;
import io.farblock.daemon.power.PowerPolicy;
import io.farblock.daemon.power.PowerState;
import io.farblock.daemon.power.UpsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of the UPSes and done about them, as the file says it, and what it may not say. */
class PowerReaderTest
{
    private static final String HEAD = """
        site = "alpha"
        [[peer]]
        name = "beta"
        insecure = true
        [[peer.path]]
        name = "p"
        remote = "127.0.0.1:1"
        """;
    private static final String GROUP = """
        [[group]]
        name = "g"
        peer = "beta"
        """;
    private static final String VOLUME = """
        [[group.volume]]
        name = "v"
        device = "/dev/x"
        """;
    private static final String UPS = """
        [[ups]]
        name = "cellar"
        ups = "smt1500"
        """;

    @Test
    void shouldKnowNothingWithoutAUps() throws ConfigException
    {
        assertThat(read("", "").power()).isNull();
    }

    @Test
    void shouldHaveADefaultForAllButTheName() throws ConfigException
    {
        final PowerPolicy policy = read("", UPS).power();

        assertThat(policy.upses()).containsExactly(new UpsConfig("cellar", "127.0.0.1", 3493, "smt1500", 1,
            Duration.ofSeconds(2), Duration.ofSeconds(15), UpsConfig.Tls.OFF, null));
        assertThat(policy.actions()).isEqualTo(Map.of(
            PowerState.ON_BATTERY, Set.of(PowerAction.DRAIN, PowerAction.SHORTEN),
            PowerState.LOW, Set.of(PowerAction.DRAIN, PowerAction.STOP),
            PowerState.FORCED_SHUTDOWN, Set.of(PowerAction.STOP)));
        assertThat(policy.minSupplies()).isEqualTo(1);
        assertThat(policy.debounce()).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.reserve()).isEqualTo(Duration.ofSeconds(60));
        assertThat(policy.batteryInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.onReplace()).isEmpty();
    }

    @Test
    void shouldReadAllThereIs() throws ConfigException
    {
        final DaemonConfig config = read("""
            priority = 3
            battery_interval = "10s"
            on_battery = ["hold"]
            low = []
            """, UPS + """
            server = "nas.example"
            power_value = 2
            poll = "1s"
            stale_after = "5s"
            tls = "require"
            authority = "/etc/ca.pem"
            [[ups]]
            name = "roof"
            ups = "x"
            server = "[::1]:4000"
            power_value = 0
            [power]
            min_supplies = 2
            debounce = "3s"
            reserve = "2m"
            battery_interval = "15s"
            resume_after = "0s"
            last_epoch = "0s"
            on_battery = []
            bypass = ["seal"]
            unknown = ["persist"]
            replace_battery = ["seal", "persist"]
            low = ["stop", "seal"]
            changed = ["/bin/logger"]
            stopped = ["/sbin/shutdown", "-h", "now"]
            hook_limit = "3s"
            """);

        final PowerPolicy policy = config.power();
        assertThat(policy.upses().get(0)).isEqualTo(new UpsConfig("cellar", "nas.example", 3493, "smt1500", 2,
            Duration.ofSeconds(1), Duration.ofSeconds(5), UpsConfig.Tls.REQUIRE, Path.of("/etc/ca.pem")));
        assertThat(policy.upses().get(1).port()).isEqualTo(4000);
        assertThat(policy.actions().get(PowerState.ON_BATTERY)).isEmpty();
        assertThat(policy.actions().get(PowerState.LOW)).containsExactlyInAnyOrder(PowerAction.STOP, PowerAction.SEAL);
        assertThat(policy.hooks()).isEqualTo(new PowerPolicy.Hooks(List.of("/bin/logger"),
            List.of("/sbin/shutdown", "-h", "now"), List.of(), TimeUnit.SECONDS.toNanos(3)));
        final PowerPolicy.OfGroup group = config.groups().get(0).power();
        assertThat(group).isEqualTo(new PowerPolicy.OfGroup(3, Duration.ofSeconds(10),
            Map.of(PowerState.ON_BATTERY, Set.of(PowerAction.HOLD), PowerState.LOW, Set.of())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "min_supplies = 3|power.min_supplies: found 3, expected at most 1, which is the sum of all power_value",
        "debounce = \"1s\"|power.debounce: found \"1s\", expected no less than poll = 2s of ups cellar",
        "reserve = \"2h\"|power.reserve: found \"2h\", expected from 0s to 1h",
        "on_battery = \"drain\"|power.on_battery: found \"drain\", expected list of seal, shorten, drain",
        "on_battery = [\"drane\"]|power.on_battery: found \"drane\", expected some of seal, shorten, drain, hold",
        "on_battery = [\"drain\", \"drain\"]|power.on_battery: found \"drain\", expected each word once",
        "unknown = [\"stop\"]|power.unknown: found \"stop\", expected some of seal, shorten, hold, persist: it is no",
        "low = [\"hold\", \"drain\"]|power.low: found \"hold, drain\", expected hold, or words that begin epochs",
        "hook_limit = \"3s\"|power.hook_limit: found \"3s\", expected none without changed, stopped or resumed",
        "resume = \"3s\"|power.resume: found \"resume\", expected a known key (did you mean resumed?)",
    })
    void shouldRefuseInThePolicy(final String line, final String message)
    {
        assertThat(mistakes("", UPS + "[power]\n" + line)).contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "stale_after = \"2s\"|ups.stale_after: found \"2s\", expected more than poll = 2s",
        "server = \"nas:0\"|ups.server: found \"nas:0\", expected HOST:PORT with a port from 1 to 65535",
        "power_value = -1|ups.power_value: found -1, expected a whole number from 0 to 64",
        "tls = \"yes\"|ups.tls: found \"yes\", expected off, try or require",
        "authority = \"/ca.pem\"|ups.authority: found \"/ca.pem\", expected none without tls",
        "power_value = 0|power.min_supplies: found 1, expected at most 0",
    })
    void shouldRefuseOfAUps(final String line, final String message)
    {
        assertThat(mistakes("", UPS + line)).contains(message);
    }

    @Test
    void shouldRefuseWhatWouldHaveNoEffect()
    {
        assertThat(mistakes("", "[power]\nreserve = \"1s\"")).contains(
            "power: found [power] without [[ups]], expected at least one [[ups]]");
        assertThat(mistakes("priority = 3", "")).contains(
            "group.priority: found \"a value\", expected none without [[ups]]");
        assertThat(mistakes("on_battery = [\"stop\"]", UPS)).contains(
            "group.on_battery: found \"stop\", expected some of seal, shorten, drain, hold");
    }

    @Test
    void shouldRefuseAUpsTwiceAndANameWithItsServer()
    {
        assertThat(mistakes("", UPS + UPS)).contains("ups.name: found \"cellar\", expected a name that no other");
        assertThat(mistakes("", UPS.replace("smt1500", "smt@nas"))).contains(
            "ups.ups: found \"smt@nas\", expected the name alone");
    }

    @Test
    void shouldSayWhichKeysOfThePolicyWaitForARestart() throws ConfigException
    {
        final DaemonConfig running = read("", UPS);

        final ConfigChange change = ConfigChange.between(running, read("priority = 1",
            UPS.replace("smt", "srt") + "[power]\nreserve = \"9s\"\nlow = [\"stop\"]"));

        assertThat(change.atRestart()).containsExactly("[[group]] g", "[[ups]]", "power.low", "power.reserve");
        assertThat(change.next().power()).isEqualTo(running.power());
        assertThat(ConfigChange.between(running, read("", "")).atRestart()).containsExactly("[[ups]]");
    }

    private static DaemonConfig read(final String ofGroup, final String power) throws ConfigException
    {
        return ConfigFile.parse("f", HEAD + GROUP + ofGroup + "\n" + VOLUME + power, 2);
    }

    private static String mistakes(final String ofGroup, final String power)
    {
        return catchThrowableOfType(ConfigException.class, () -> read(ofGroup, power)).getMessage();
    }
}
