package io.farblock.powersim.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.powersim.nut.NutUser;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.ups.BatterySpec;
import io.farblock.powersim.ups.GeneratorSpec;
import io.farblock.powersim.ups.InputSpec;
import io.farblock.powersim.ups.UpsSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of UPSes: what it may say, and everything that can be wrong with it, told at once. */
class UpsFileTest
{
    private static final long SECOND = 1_000_000_000L;
    private static final Path EXAMPLE = Path.of("..", "daemon", "src", "dist", "share", "ups.toml");

    private static final String EVERY_KEY = """
        [server]
        listen = "[::1]:0"
        certificate = "ups.pem"
        speed = 2.5
        scenario = "night.toml"
        [[user]]
        name = "mon"
        password = "pw"
        upsmon = "secondary"
        commands = true
        [[ups]]
        name = "rack-1.a"
        description = "first"
        nominal = 2000
        load = 0
        overload = 110
        overload-time = "5s"
        idle = 20
        efficiency = 0.95
        transfer = "0s"
        hold-up = "20ms"
        return = "3s"
        restart = "1m"
        low-charge = 30
        low-runtime = "5m"
        charge = 80.5
        seed = -4
        [ups.input]
        nominal = 120
        low = 90
        boost = 105
        trim = 130
        high = 140
        hertz = 60
        [ups.battery]
        volts = 48
        ampere-hours = 9.5
        rated-hours = 10
        peukert = 1.1
        age = 2
        life = 6
        temperature = 30
        charger = 200
        absorption = 75
        [ups.generator]
        wait = "1s"
        start = "2s"
        fail-first = 1
        fail-chance = 0.25
        retry = "3s"
        attempts = 4
        fuel = "5h"
        [[ups]]
        name = "b"
        """;
    private static final String KEYS = "listen certificate speed scenario password upsmon commands description " +
        "nominal load overload overload-time idle efficiency transfer hold-up return restart low-charge low-runtime " +
        "charge seed low boost trim high hertz volts ampere-hours rated-hours peukert age life temperature charger " +
        "absorption wait start fail-first fail-chance retry attempts fuel";

    @TempDir
    private Path directory;

    @Test
    void shouldNeedNoMoreThanAName() throws Exception
    {
        final UpsSetup setup = read("[[ups]]\nname = \"ups\"\n");

        assertThat(setup.listen()).containsExactly(new HostPort("127.0.0.1", 3493));
        assertThat(setup.speed()).isEqualTo(1);
        assertThat(setup.users()).isEmpty();
        assertThat(setup.upses()).containsExactly(UpsSpec.builder("ups").conclude());
    }

    @Test
    void shouldReadEveryKey() throws Exception
    {
        final UpsSetup setup = read(EVERY_KEY);

        assertThat(setup.listen()).containsExactly(new HostPort("::1", 0));
        assertThat(setup.certificate()).isEqualTo(directory.resolve("ups.pem"));
        assertThat(setup.scenario()).isEqualTo(directory.resolve("night.toml"));
        assertThat(setup.users()).containsExactly(new NutUser("mon", "pw", NutUser.Role.SECONDARY, true));
        assertThat(setup.upses()).containsExactly(
            new UpsSpec("rack-1.a", "first", 2000, 110, 5 * SECOND, 0, 20, 0.95, 0, SECOND / 50, 3 * SECOND,
                60 * SECOND, 30, 300 * SECOND, new InputSpec(120, 90, 105, 130, 140, 60),
                new BatterySpec(48, 9.5, 10, 1.1, 2, 6, 30, 200, 75), 80.5,
                new GeneratorSpec(SECOND, 2 * SECOND, 1, 0.25, 3 * SECOND, 4, 5 * 3600 * SECOND), -4),
            UpsSpec.builder("b").conclude());
    }

    @Test
    void shouldScaleTheWindowToAnotherMains() throws Exception
    {
        final InputSpec input = read("[[ups]]\nname = \"u\"\n[ups.input]\nnominal = 115\n").upses().get(0).input();

        assertThat(input.lowVolts()).isEqualTo(85);
        assertThat(input.highVolts()).isEqualTo(140);
    }

    @Test
    void shouldHaveAnExampleWithEveryKeyAtItsDefault() throws Exception
    {
        final String text = Files.readString(EXAMPLE);
        final String everything = text.replaceAll("(?m)^#(\\[?[a-z.-]+\\]? ?=?)", "$1");

        final UpsSetup setup = UpsFile.read(EXAMPLE);
        final UpsSetup all = read(everything);

        assertThat(setup.upses().get(0)).isEqualTo(all.upses().get(0));
        for (final String key : KEYS.split(" "))
        {
            assertThat(everything).as(key).containsPattern("(?m)^" + key + " *=");
        }
    }

    @Test
    void shouldSayAllThatIsWrong()
    {
        final PlanException wrong = wrong("""
            [server]
            listen = "nowhere"
            speed = 0
            port = 7
            [[user]]
            name = "a"
            upsmon = "king"
            [[ups]]
            name = "with space"
            nominal = "much"
            efficiency = 1.5
            transfer = -1
            [ups.battery]
            peukert = 3
            [ups.generator]
            colour = "red"
            [[ups]]
            name = "b"
            [ups.input]
            low = 220
            [[ups]]
            name = "c"
            [[ups]]
            name = "c"
            """);

        assertThat(wrong.lines()).map((line) -> line.replaceAll("^.*/ups.toml:", "")).containsExactly(
            "2: server.listen: found \"nowhere\", expected an address such as \"127.0.0.1:3493\" or \"[::1]:3493\" " +
                "(correct it)",
            "3: server.speed: found 0, expected a number from 0.001 to 60000 (correct it)",
            "4: server.port: found \"port\", expected one of listen, certificate, speed, scenario " +
                "(remove or correct it)",
            "5: user.password: found nothing, expected its password, in quotes (write password = \"...\")",
            "7: user.upsmon: found \"king\", expected one of none, secondary, primary (write upsmon = \"...\")",
            "9: ups.name: found \"with space\", expected 1 to 32 letters, digits, dots, dashes and underscores " +
                "(rename it)",
            "10: ups.nominal: found \"much\", expected a number from 1 to 1000000 (correct it)",
            "11: ups.efficiency: found 1.5, expected a number from 0.1 to 1 (correct it)",
            "12: ups.transfer: found -1, expected a duration such as \"20ms\", \"90s\", \"5m\" or \"1.5h\" " +
                "(correct it)",
            "14: ups.battery.peukert: found 3, expected a number from 1 to 2 (correct it)",
            "16: ups.generator.colour: found \"colour\", expected one of wait, start, fail-first, fail-chance, " +
                "retry, attempts, fuel (remove or correct it)",
            "17: ups: found low 220.0, boost 207.0, nominal 230.0, trim 253.0, high 280.0 V, expected them in this " +
                "order",
            "24: ups.name: found \"c\", expected a name that no other UPS has (rename one of the two)");
    }

    @Test
    void shouldRefuseWhatDescribesNothing()
    {
        assertThat(wrong("").lines()).singleElement().asString()
            .contains("ups: found nothing, expected 1 to 64 tables");
        assertThat(wrong("server = 3\nuser = 4\nups = 5\n").lines()).hasSize(3);
    }

    private UpsSetup read(final String text) throws Exception
    {
        return UpsFile.read(Files.writeString(directory.resolve("ups.toml"), text));
    }

    private PlanException wrong(final String text)
    {
        return catchThrowableOfType(PlanException.class, () -> read(text));
    }
}
