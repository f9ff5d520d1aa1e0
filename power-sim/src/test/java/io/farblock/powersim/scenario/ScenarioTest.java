package io.farblock.powersim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.powersim.config.UpsFile;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.ups.Communication;
import io.farblock.powersim.ups.GeneratorSpec;
import io.farblock.powersim.ups.SimUps;
import io.farblock.powersim.ups.UpsSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios as text, what can be wrong with them, and what they do. */
class ScenarioTest
{
    private static final long SECOND = 1_000_000_000L;
    private static final UpsSpec WITH_GENERATOR = UpsSpec.builder("ups").returning(0, 0)
        .generator(new GeneratorSpec(0, SECOND, 0, 0, SECOND, 1, 3600 * SECOND)).conclude();
    private static final UpsSpec PLAIN = UpsSpec.builder("other").returning(0, 0).conclude();

    private static final String ALL_WRONG = """
        sed = 1
        [[event]]
        at = "10 parsecs"
        do = "cut"
        watts = 3
        [[event]]
        do = "explode"
        [[event]]
        at = "1s"
        do = "restore"
        for = "1s"
        [[event]]
        at = "1s"
        do = "load"
        [[event]]
        at = "1s"
        do = "cut"
        for = "5s"
        every = "5s"
        times = 3
        [[event]]
        at = "1s"
        do = "cut"
        times = 3
        [[event]]
        at = "1s"
        do = "generator"
        fail-next = 1
        [[event]]
        at = "1s"
        do = "lie"
        gauge = "volts"
        kind = "big"
        ups = "nobody"
        """;

    @TempDir
    private Path directory;

    @Test
    void shouldDoWhatItSaysWhenItSaysIt() throws Exception
    {
        final List<String> log = run(List.of(PLAIN), """
            [[event]]
            at = "10s"
            do = "cut"
            for = "6m"
            [[event]]
            at = "1m"
            do = "load"
            watts = 600
            for = "30s"
            [[event]]
            at = "2m"
            do = "silence"
            kind = "driver-gone"
            for = "30s"
            """, 600);

        assertThat(log).containsExactly("10 cut for=6m OB DISCHRG", "60 load watts=600 for=30s OB DISCHRG",
            "90 load watts=600 for=30s is over OB DISCHRG", "120 silence kind=driver-gone for=30s OB DISCHRG",
            "150 silence kind=driver-gone for=30s is over OB DISCHRG", "370 cut for=6m is over OL CHRG");
    }

    @Test
    void shouldFlapByLotThatTheSeedRepeats() throws Exception
    {
        final String text = """
            seed = 9
            [[event]]
            at = "10s"
            do = "cut"
            for = "4s"
            every = "9s"
            times = 20
            jitter = "3s"
            """;

        final List<String> once = run(List.of(PLAIN), text, 600);

        assertThat(once).hasSize(40).isEqualTo(run(List.of(PLAIN), text, 600));
        assertThat(once).isNotEqualTo(run(List.of(PLAIN), text.replace("seed = 9", "seed = 10"), 600));
        assertThat(once.get(39)).contains("is over OL");
    }

    @Test
    void shouldNotCareHowOftenItIsStepped() throws Exception
    {
        final Scenario scenario = Scenario.parse("s", """
            [[event]]
            at = "5s"
            do = "cut"
            for = "7s"
            every = "20s"
            times = 30
            [[event]]
            at = "90s"
            do = "age"
            years = 4
            """, List.of(PLAIN));
        final SimUps coarse = new SimUps(PLAIN, 0);
        final SimUps fine = new SimUps(PLAIN, 0);
        final ScenarioRun finely = new ScenarioRun(scenario, List.of(fine), 0, (text, timeNs) -> { });

        new ScenarioRun(scenario, List.of(coarse), 0, (text, timeNs) -> { }).advanceTo(1000 * SECOND);
        for (long timeNs = 0; timeNs <= 1000 * SECOND; timeNs += 123_456_789)
        {
            finely.advanceTo(timeNs);
        }
        finely.advanceTo(1000 * SECOND);

        assertThat(fine.truth()).isEqualTo(coarse.truth());
        assertThat(finely.isOver()).isTrue();
    }

    @Test
    void shouldDoEverythingThatItKnows() throws Exception
    {
        final Scenario scenario = Scenario.read(Files.writeString(directory.resolve("all.toml"), """
            event = [
            { at = "1s", do = "brownout", volts = 190.5, for = "1s" },
            { at = "3s", do = "generator", may-start = false, ups = "ups" },
            { at = "3s", do = "generator", fail-next = 1, ups = "ups" },
            { at = "4s", do = "replace-battery" },
            { at = "5s", do = "lie", gauge = "charge", kind = "stuck", value = 42 },
            { at = "5s", do = "lie", gauge = "runtime", kind = "factor", value = 2, for = "1s" },
            { at = "7s", do = "honest" },
            { at = "8s", do = "silence" },
            { at = "9s", do = "speak" },
            { at = "9s", do = "temperature", celsius = -3 },
            { at = "10s", do = "bypass", for = "1s" },
            { at = "12s", do = "calibrate", for = "1s" },
            { at = "14s", do = "fsd", for = "1s" },
            { at = "16s", do = "off", for = "1s" },
            { at = "18s", do = "off" },
            { at = "19s", do = "on" },
            { at = "20s", do = "restore" },
            ]
            """), List.of(WITH_GENERATOR));
        final SimUps ups = new SimUps(WITH_GENERATOR, 0);
        final List<String> seen = new ArrayList<>();
        final ScenarioRun run = new ScenarioRun(scenario, List.of(ups), 0, (text, timeNs) -> { });

        for (int second = 0; second < 25; second++)
        {
            run.advanceTo(second * SECOND + SECOND / 2);
            seen.add(ups.communication() == Communication.STALE ? "stale" :
                ups.status().replace(" CHRG", "") + (ups.variables().get("battery.charge").equals("42") ? "!" : ""));
        }

        assertThat(seen).containsExactly("OL", "OL BOOST", "OL", "OL", "OL RB", "OL RB!", "OL RB!", "OL RB", "stale",
            "OL RB", "OL RB BYPASS", "OL RB", "OL CAL DISCHRG RB", "OL RB", "FSD OL RB", "OL RB", "OL OFF RB",
            "OL RB", "OL OFF RB", "OL RB", "OL RB", "OL RB", "OL RB", "OL RB", "OL RB");
    }

    @Test
    void shouldShipAnOutageThatGoesAsItSays() throws Exception
    {
        final Path share = Path.of("..", "daemon", "src", "dist", "share");
        final UpsSpec spec = UpsFile.read(share.resolve("ups.toml")).upses().get(0);
        final SimUps ups = new SimUps(spec, 0);
        final ScenarioRun run = new ScenarioRun(
            Scenario.read(share.resolve("outage.toml"), List.of(spec)), List.of(ups), 0, (text, timeNs) -> { });
        int onBatterySeconds = 0;

        for (int second = 0; second < 1800; second++)
        {
            run.advanceTo(second * SECOND);
            onBatterySeconds += ups.isOnBattery() ? 1 : 0;
            assertThat(ups.status()).doesNotContain("LB");
        }

        assertThat(onBatterySeconds).isEqualTo(360);
        assertThat(ups.outputLosses()).isZero();
        assertThat(run.isOver()).isTrue();
    }

    @Test
    void shouldHappenToTheOneThatIsNamed() throws Exception
    {
        final List<String> log = run(List.of(PLAIN, WITH_GENERATOR), """
            [[event]]
            at = "10s"
            do = "cut"
            ups = "ups"
            """, 10);

        assertThat(log).containsExactly("10 cut ups=ups OL");
    }

    @Test
    void shouldSayAllThatIsWrong()
    {
        final PlanException wrong = wrong(ALL_WRONG);

        assertThat(wrong.lines()).containsExactly(
            "s.toml:1: sed: found \"sed\", expected one of seed, event (remove or correct it)",
            "s.toml:3: event.at: found \"10 parsecs\", expected a duration such as \"20ms\", \"90s\", \"5m\" or " +
                "\"1.5h\" (correct it)",
            "s.toml:5: event.watts: found \"watts\", expected one of do, ups, at, for, every, times, jitter " +
                "(remove or correct it)",
            "s.toml:6: event.at: found nothing, expected a duration such as \"10s\" (say how long after the " +
                "beginning it happens)",
            "s.toml:7: event.do: found \"explode\", expected one of cut, restore, brownout, load, generator, " +
                "replace-battery, lie, honest, silence, speak, age, temperature, bypass, calibrate, fsd, off, on " +
                "(write do = \"...\")",
            "s.toml:11: event.for: found \"1s\", expected no such key beside do = \"restore\" (remove it: this has " +
                "no end)",
            "s.toml:12: event.watts: found nothing, expected a number from 0 to 1000000 (correct it)",
            "s.toml:19: event.every: found \"5s\", expected longer than for and jitter together (else a time begins " +
                "before the last has ended)",
            "s.toml:21: event.every: found nothing, expected every and times together (say both how often and how " +
                "far apart)",
            "s.toml:27: event.do: found \"generator\", expected an action for other, which has no generator (give it " +
                "one in the UPS file, or name another with ups = \"...\")",
            "s.toml:29: event.value: found nothing, expected a number from 0 to 1000000 (correct it)",
            "s.toml:32: event.gauge: found \"volts\", expected one of charge, runtime (write gauge = \"...\")",
            "s.toml:33: event.kind: found \"big\", expected one of stuck, factor, cliff (write kind = \"...\")",
            "s.toml:34: event.ups: found \"nobody\", expected one of other (write ups = \"...\")");
    }

    @Test
    void shouldRefuseWhatIsNoScenario() throws Exception
    {
        assertThat(wrong("").lines().get(0)).startsWith("s.toml:1: event: found nothing, expected 1 to 1000 tables");
        assertThat(wrong("event = 3").lines().get(0)).contains("found 3");
        assertThat(wrong("[[event]]\nat = ").lines().get(0)).startsWith("s.toml:2: syntax");
        assertThat(wrong("a = " + "[".repeat(20_000)).lines().get(0)).contains("nested thousands deep");
        final Path binary = Files.write(directory.resolve("b.toml"), new byte[] {(byte)0xFF, 0});
        assertThat(catchThrowableOfType(PlanException.class, () -> Scenario.read(binary, List.of(PLAIN))))
            .hasMessageContaining("found binary data, expected a scenario in TOML");
        assertThat(catchThrowableOfType(PlanException.class,
            () -> Scenario.read(directory.resolve("none"), List.of(PLAIN)))).hasMessageContaining("none: found");
    }

    private static PlanException wrong(final String text)
    {
        return catchThrowableOfType(PlanException.class, () -> Scenario.parse("s.toml", text, List.of(PLAIN)));
    }

    private static List<String> run(final List<UpsSpec> specs, final String text, final int seconds) throws Exception
    {
        final List<SimUps> upses = specs.stream().map((spec) -> new SimUps(spec, 0)).toList();
        final List<String> log = new ArrayList<>();
        new ScenarioRun(Scenario.parse("s", text, specs), upses, 0, (what, timeNs) -> log.add(
            timeNs / SECOND + " " + what + ' ' + upses.get(0).status())).advanceTo(seconds * SECOND);
        return log;
    }
}
