package io.farblock.powersim.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.nut.NutReply.Then;
import io.farblock.powersim.ups.Communication;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines and their answers, which are those that upsd 2.8.0 of Debian gave with dummy-ups behind it. */
class NutSessionTest
{
    private static final List<NutUser> USERS = List.of(
        new NutUser("boss", "pw", NutUser.Role.PRIMARY, true),
        new NutUser("guest", "pw", NutUser.Role.SECONDARY, false));

    private final FakeSource source = new FakeSource();
    private final NutLogins logins = new NutLogins();
    private final NutSession session = session(false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "NETVER|1.3",
        "PROTVER|1.3",
        "HELP|Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS",
        "VER x|ERR INVALID-ARGUMENT",
        "|ERR UNKNOWN-COMMAND",
        "foo|ERR UNKNOWN-COMMAND",
        "NUMLOGINS ups|ERR UNKNOWN-COMMAND",
        "GET|ERR INVALID-ARGUMENT",
        "GET VAR|ERR INVALID-ARGUMENT",
        "GET VAR ups|ERR INVALID-ARGUMENT",
        "GET FOO ups|ERR INVALID-ARGUMENT",
        "GET VAR ups ups.status|VAR ups ups.status \"OL\"",
        "get var ups ups.status|VAR ups ups.status \"OL\"",
        "GET VAR \"ups\" \"ups.sta\\tus\"|VAR ups ups.status \"OL\"",
        "GET VAR ups ups.status extra|VAR ups ups.status \"OL\"",
        "GET VAR ups x.y|ERR VAR-NOT-SUPPORTED",
        "GET VAR nope ups.status|ERR UNKNOWN-UPS",
        "GET VAR \"ups|ERR INVALID-ARGUMENT",
        "GET DESC ups x.y|DESC ups x.y \"Description unavailable\"",
        "GET TYPE ups x.y|ERR VAR-NOT-SUPPORTED",
        "GET TYPE ups battery.charge.low|TYPE ups battery.charge.low RW RANGE",
        "GET TYPE ups battery.charge|TYPE ups battery.charge NUMBER",
        "GET TYPE ups ups.status|TYPE ups ups.status STRING:2",
        "GET NUMLOGINS ups|NUMLOGINS ups 0",
        "GET UPSDESC ups|UPSDESC ups \"A \\\"simulated\\\" one\"",
        "GET UPSDESC nope|ERR UNKNOWN-UPS",
        "GET CMDDESC ups load.off|CMDDESC ups load.off \"Switch the output off at once\"",
        "GET CMDDESC ups foo|CMDDESC ups foo \"Description unavailable\"",
        "GET TRACKING|OFF",
        "GET TRACKING x|ERR FEATURE-NOT-CONFIGURED",
        "LIST|ERR INVALID-ARGUMENT",
        "LIST CLIENTS ups|ERR INVALID-ARGUMENT",
        "LIST VAR|ERR INVALID-ARGUMENT",
        "LIST VAR nope|ERR UNKNOWN-UPS",
        "LIST ENUM ups x|ERR VAR-NOT-SUPPORTED",
        "LIST RANGE ups x|ERR VAR-NOT-SUPPORTED",
        "LOGIN ups|ERR USERNAME-REQUIRED",
        "PRIMARY ups|ERR USERNAME-REQUIRED",
        "FSD ups|ERR USERNAME-REQUIRED",
        "SET VAR ups battery.charge.low 3|ERR USERNAME-REQUIRED",
        "INSTCMD ups load.off|ERR USERNAME-REQUIRED",
        "USERNAME|ERR INVALID-ARGUMENT",
        "USERNAME a b|ERR INVALID-ARGUMENT",
        "STARTTLS|ERR FEATURE-NOT-CONFIGURED",
        "LOGOUT now|ERR INVALID-ARGUMENT"})
    void shouldAnswerAsUpsdDoes(final String line, final String answer)
    {
        assertThat(say(line == null ? "" : line)).isEqualTo(answer + '\n');
    }

    @Test
    void shouldListWhatThereIs()
    {
        assertThat(say("LIST UPS")).isEqualTo(
            "BEGIN LIST UPS\nUPS ups \"A \\\"simulated\\\" one\"\nEND LIST UPS\n");
        assertThat(say("LIST VAR ups").lines()).startsWith("BEGIN LIST VAR ups", "VAR ups battery.capacity \"17.0\"")
            .endsWith("VAR ups ups.serial \"ups\"", "VAR ups ups.status \"OL\"", "END LIST VAR ups");
        assertThat(say("LIST RW ups").lines()).containsExactly("BEGIN LIST RW ups", "RW ups battery.charge.low \"20\"",
            "RW ups battery.runtime.low \"120\"", "RW ups ups.delay.shutdown \"20\"", "END LIST RW ups");
        assertThat(say("LIST CMD ups").lines()).hasSize(11).contains("CMD ups load.off", "CMD ups shutdown.return");
        assertThat(say("LIST CLIENT ups")).isEqualTo("BEGIN LIST CLIENT ups\nEND LIST CLIENT ups\n");
        assertThat(say("LIST ENUM ups ups.status"))
            .isEqualTo("BEGIN LIST ENUM ups ups.status\nEND LIST ENUM ups ups.status\n");
        assertThat(say("LIST RANGE ups battery.charge.low")).isEqualTo("BEGIN LIST RANGE ups battery.charge.low\n" +
            "RANGE ups battery.charge.low \"0\" \"100\"\nEND LIST RANGE ups battery.charge.low\n");
    }

    @Test
    void shouldLetThePrimaryForceAShutdown()
    {
        final NutSession other = session(false);
        says(other, "USERNAME guest", "OK", "PASSWORD pw", "OK", "PRIMARY ups", "ERR ACCESS-DENIED", "FSD ups",
            "ERR ACCESS-DENIED", "LOGIN nope", "ERR UNKNOWN-UPS", "LOGIN ups", "OK");

        says(session, "USERNAME boss", "OK", "USERNAME boss", "ERR ALREADY-SET-USERNAME", "LOGIN ups",
            "ERR PASSWORD-REQUIRED", "PASSWORD pw", "OK", "PASSWORD pw", "ERR ALREADY-SET-PASSWORD", "LOGIN ups", "OK",
            "LOGIN ups", "ERR ALREADY-LOGGED-IN", "PRIMARY ups", "OK PRIMARY-GRANTED", "MASTER ups",
            "OK MASTER-GRANTED", "GET NUMLOGINS ups", "NUMLOGINS ups 2", "FSD", "ERR INVALID-ARGUMENT", "FSD nope",
            "ERR UNKNOWN-UPS", "FSD ups", "OK FSD-SET", "GET VAR ups ups.status", "VAR ups ups.status \"FSD OL\"");

        assertThat(other.answer("LOGOUT")).isEqualTo(new NutReply("OK Goodbye\n", Then.CLOSE));
        other.end();
        says(session, "GET NUMLOGINS ups", "NUMLOGINS ups 1");
        assertThat(say("LIST CLIENT ups")).contains("CLIENT ups 192.0.2.7\n");
    }

    @Test
    void shouldRefuseWhoIsNotKnown()
    {
        says(session, "USERNAME boss", "OK", "PASSWORD wrong", "OK", "LOGIN ups", "ERR ACCESS-DENIED", "PRIMARY ups",
            "ERR ACCESS-DENIED", "SET VAR ups battery.charge.low 3", "ERR ACCESS-DENIED", "INSTCMD ups load.off",
            "ERR ACCESS-DENIED");
    }

    @Test
    void shouldSetAndCommand()
    {
        says(session, "USERNAME boss", "OK", "PASSWORD pw", "OK", "SET VAR ups battery.charge.low 35", "OK",
            "GET VAR ups battery.charge.low", "VAR ups battery.charge.low \"35\"", "SET VAR ups battery.charge.low 101",
            "ERR INVALID-VALUE", "SET VAR ups battery.charge.low \"OB LB\"", "ERR INVALID-VALUE", "SET VAR ups nope 3",
            "ERR VAR-NOT-SUPPORTED", "SET VAR ups ups.status OB", "ERR READONLY", "SET", "ERR INVALID-ARGUMENT",
            "INSTCMD", "ERR INVALID-ARGUMENT", "INSTCMD ups foo", "ERR CMD-NOT-SUPPORTED", "INSTCMD ups load.off", "OK",
            "GET VAR ups ups.status", "VAR ups ups.status \"OL OFF\"", "INSTCMD ups load.on", "OK",
            "INSTCMD ups shutdown.return x", "ERR INVALID-VALUE", "INSTCMD ups shutdown.return 5", "OK",
            "SET TRACKING MAYBE", "ERR INVALID-ARGUMENT", "SET TRACKING ON", "OK", "GET TRACKING", "ON");
        final String tracked = say("INSTCMD ups shutdown.stop");
        assertThat(tracked).matches("OK TRACKING [0-9A-F-]{36}\n");
        says(session, "GET TRACKING " + tracked.substring(12).strip(), "SUCCESS", "GET TRACKING x", "ERR UNKNOWN");
    }

    @ParameterizedTest
    @CsvSource({"STALE,DATA-STALE", "DRIVER_GONE,DRIVER-NOT-CONNECTED"})
    void shouldSayWhyItKnowsNothing(final Communication kind, final String error)
    {
        source.ups.communicate(kind);

        for (final String line : List.of("LIST VAR ups", "GET VAR ups ups.status", "LIST CMD ups", "GET NUMLOGINS ups",
            "GET TYPE ups ups.status", "GET DESC ups ups.status"))
        {
            says(session, line, "ERR " + error);
        }
        says(session, "GET UPSDESC ups", "UPSDESC ups \"A \\\"simulated\\\" one\"", "USERNAME boss", "OK",
            "PASSWORD pw", "OK", "LOGIN ups", "OK", "PRIMARY ups", "OK PRIMARY-GRANTED", "FSD ups", "OK FSD-SET",
            "SET VAR ups battery.charge.low 3", "ERR " + error, "INSTCMD ups load.off", "ERR " + error);
    }

    @Test
    void shouldEncryptOnce()
    {
        final NutSession able = session(true);

        assertThat(able.answer("STARTTLS")).isEqualTo(new NutReply("OK STARTTLS\n", Then.ENCRYPT));
        says(able, "STARTTLS", "ERR ALREADY-SSL-MODE");
    }

    @Test
    void shouldAnswerWhateverComes()
    {
        final long seed = 20_261_130;
        final Random random = new Random(seed);
        final String[] words = {"GET", "LIST", "VAR", "SET", "INSTCMD", "ups", "\"", "\\", " ", "\t", "LOGIN",
            "USERNAME", "ups.status", "\0", "\u00e9", "FSD", "RANGE", "battery.charge.low", "9999999999999999999",
            "-1"};
        for (int i = 0; i < 20_000; i++)
        {
            final StringBuilder line = new StringBuilder();
            for (int j = random.nextInt(8); j >= 0; j--)
            {
                line.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
            }

            final NutReply reply = session.answer(line.toString());

            assertThat(reply.text()).as("seed " + seed + ", \"" + line + '"').endsWith("\n").isNotBlank();
            if (reply.text().lines().count() > 1)
            {
                assertThat(reply.text()).startsWith("BEGIN LIST ");
            }
        }
    }

    private String say(final String line)
    {
        return session.answer(line).text();
    }

    private static void says(final NutSession to, final String... linesAndAnswers)
    {
        for (int i = 0; i < linesAndAnswers.length; i += 2)
        {
            assertThat(to.answer(linesAndAnswers[i]).text()).as(linesAndAnswers[i])
                .isEqualTo(linesAndAnswers[i + 1] + '\n');
        }
    }

    private NutSession session(final boolean canEncrypt)
    {
        return new NutSession(source, USERS, logins, "192.0.2.7", canEncrypt);
    }
}
