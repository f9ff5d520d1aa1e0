package io.farblock.powersim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.LeakCheck;
import io.farblock.powersim.cli.PowerLab.Outcome;
import io.farblock.powersim.explore.CrashComponent;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The explorer, as its command runs it: a log that is right and a pad that is broken are on the class path. */
class ExploreCommandTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("scratch");

    @Test
    void shouldListWhatThereIs()
    {
        final Outcome outcome = explore("--list");

        assertThat(outcome).isEqualTo(new Outcome(0, "forgetful\ntoy-log\n", ""));
    }

    @Test
    void shouldEndWellWhenAllRecover()
    {
        final Outcome outcome = explore("toy-log", "--states", "60", "--seed", "7");

        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.out().lines().skip(1)).singleElement().asString()
            .matches("toy-log +60 +\\d+ +\\d+ +0 +[0-9.]+ +\\d+");
    }

    @Test
    void shouldShowAStateThatDoesNotAndHaveItAgain()
    {
        final Outcome outcome = explore("forgetful", "--states", "50");

        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(4);
        final String line = outcome.out().lines().filter(each -> each.startsWith("forgetful:")).findFirst()
            .orElseThrow();
        assertThat(line).matches("forgetful:\\d+:\\d+:\\d+: \\d was kept, found \\d");
        final String id = line.substring(0, line.indexOf(' ') - 1);
        assertThat(outcome.out()).contains("    at io.farblock.powersim.toy.Forgetful.recover",
            "    again: power-sim explore --replay " + id + "\n");

        final Outcome again = explore("--replay", id);

        assertThat(again.exit()).isEqualTo(4);
        assertThat(again.out()).startsWith(line + "\n");
    }

    @Test
    void shouldSayThatAStateIsRecoveredFrom()
    {
        final Outcome outcome = explore("--replay", "toy-log:1:0:0");

        assertThat(outcome).isEqualTo(new Outcome(0, "toy-log:1:0:0: recovers as it should\n", ""));
    }

    @Test
    void shouldNameWhatThereIsWhenAnotherIsAskedFor()
    {
        assertUsage(explore("journl"), "there is no component \"journl\"; expected forgetful, toy-log");
        assertUsage(explore("--replay", "journl:1:0:0"), "there is no component \"journl\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5"})
    void shouldNotTryNothing(final String states)
    {
        assertUsage(explore("toy-log", "--states", states), "--states is " + states + "; expected at least 1");
    }

    @Test
    void shouldSayWhatIsNoNumber()
    {
        assertUsage(explore("--seed", "garbage"), "Invalid value for option '--seed': 'garbage' is not a long");
        assertUsage(explore("--states", "1e3"), "Invalid value for option '--states': '1e3' is not a long");
    }

    @Test
    void shouldSayWhatAnIdLooksLike()
    {
        assertUsage(explore("--replay", "forgetful:1"),
            "\"forgetful:1\" is no state; expected component:seed:cut:choice");
        assertUsage(explore("--replay", "forgetful:1:999:0"), "there is no cut 999, the run has 10 events");
    }

    @Test
    void shouldProveThatEachSyncIsMissed()
    {
        final Outcome outcome = explore("toy-log", "--prove", "--states", "150");

        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.out().lines()).hasSizeGreaterThan(5).allMatch(
            line -> line.matches("toy-log without ToyLog.Store\\S+ < .*: toy-log:\\d+:.*: .*"));
    }

    @Test
    void shouldSayThatASyncIsNotMissedWithoutCallingItAFailure()
    {
        final Outcome outcome = explore("toy-log", "--prove", "--states", "1");

        assertThat(outcome.exit()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).contains(": not missed in 1 states\n");
    }

    @Test
    void shouldProveNothingOfWhatIsBrokenAsItIs()
    {
        final Outcome outcome = explore("forgetful", "--prove", "--states", "50");

        assertThat(outcome.exit()).isEqualTo(4);
        assertThat(outcome.out()).startsWith("forgetful is broken as it is").contains("\nforgetful:1:")
            .doesNotContain("without");
    }

    @Test
    void shouldSayThatThereIsNothingToExplore() throws Exception
    {
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader none = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader()))
        {
            thread.setContextClassLoader(none);

            assertUsage(explore(), "there is no component on the class path");
        }
        finally
        {
            thread.setContextClassLoader(before);
        }
    }

    /** What is tried here is for tests alone. */
    @Test
    void shouldShipNoToys() throws Exception
    {
        final URL shipped = ExploreCommand.class.getProtectionDomain().getCodeSource().getLocation();

        try (URLClassLoader alone = new URLClassLoader(new URL[]{shipped}, ClassLoader.getPlatformClassLoader()))
        {
            assertThat(alone.getResource("io/farblock/powersim/cli/ExploreCommand.class")).isNotNull();
            assertThat(alone.getResource("META-INF/services/" + CrashComponent.class.getName())).isNull();
        }
    }

    private static void assertUsage(final Outcome outcome, final String message)
    {
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(2);
        assertThat(outcome.err()).contains(message).contains("see: power-sim explore --help");
        assertThat(outcome.out()).isEmpty();
    }

    private static Outcome explore(final String... words)
    {
        final String[] arguments = new String[words.length + 1];
        arguments[0] = "explore";
        System.arraycopy(words, 0, arguments, 1, words.length);
        return PowerLab.runAll(arguments);
    }
}
