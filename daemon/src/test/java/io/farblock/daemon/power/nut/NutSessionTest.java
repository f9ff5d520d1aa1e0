package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.power.UpsConfig.Tls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversation, line by line, under a clock of the test's. */
class NutSessionTest implements NutSession.Listener
{
    private final FakeLink link = new FakeLink();
    private final List<UpsAnswer> answers = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 5;
    private NutSession session;

    @Test
    void shouldAskForTheListAgainAndAgain()
    {
        begin("lab", Tls.OFF);

        lines("BEGIN LIST VAR lab", "VAR lab battery.charge \"97\"", "VAR lab battery.runtime \"1200\"",
            "VAR lab ups.load \"31.5\"", "VAR lab ups.status \"OL CHRG\"", "VAR lab ups.test \"a \\\"b\\\"\"",
            "END LIST VAR lab");
        pass(1_999);
        assertThat(link.takeSent()).containsExactly("LIST VAR lab");
        pass(1);

        assertThat(link.takeSent()).containsExactly("LIST VAR lab");
        assertThat(answers).containsExactly(new UpsAnswer("OL CHRG", 97, 1_200_000_000_000L, 31.5));
    }

    @Test
    void shouldSayThatThereIsNoStatus()
    {
        begin("lab", Tls.OFF);

        lines("BEGIN LIST VAR lab", "END LIST VAR lab");

        assertThat(answers).containsExactly(new UpsAnswer(null, -1, -1, -1));
    }

    @Test
    void shouldQuoteTheNameOfTheUps()
    {
        begin("the \"big\" one", Tls.OFF);

        lines("BEGIN LIST VAR \"the \\\"big\\\" one\"", "VAR \"the \\\"big\\\" one\" ups.status \"OL\"",
            "END LIST VAR \"the \\\"big\\\" one\"");

        assertThat(link.takeSent()).containsExactly("LIST VAR \"the \\\"big\\\" one\"");
        assertThat(answers).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"ERR DATA-STALE,lost the UPS", "ERR DRIVER-NOT-CONNECTED,upsdrvctl start lab",
        "ERR UNKNOWN-UPS,upsc -l", "ERR ACCESS-DENIED,access rules", "ERR SOMETHING-NEW,SOMETHING-NEW"})
    void shouldTellWhyTheServerDoesNotSayAndAskAgain(final String answer, final String reason)
    {
        begin("lab", Tls.OFF);
        link.takeSent();

        lines(answer);
        pass(2_000);

        assertThat(refusals).singleElement().asString().contains(reason);
        assertThat(link.takeSent()).containsExactly("LIST VAR lab");
    }

    @Test
    void shouldForgetTheFirstHalfOfAListThatEndsInAnError()
    {
        begin("lab", Tls.OFF);
        lines("BEGIN LIST VAR lab", "VAR lab ups.status \"OB LB\"", "ERR DATA-STALE");
        pass(2_000);

        lines("BEGIN LIST VAR lab", "END LIST VAR lab");

        assertThat(answers).containsExactly(new UpsAnswer(null, -1, -1, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERR UNKNOWN-COMMAND", "ERR INVALID-ARGUMENT", "ERR FEATURE-NOT-SUPPORTED"})
    void shouldAskOneByOneWhereThereIsNoList(final String error)
    {
        begin("lab", Tls.OFF);

        lines(error, "VAR lab ups.status \"OB\"", "ERR VAR-NOT-SUPPORTED", "VAR lab battery.runtime \"60\"",
            "ERR VAR-NOT-SUPPORTED");
        pass(2_000);

        assertThat(link.takeSent()).containsExactly("LIST VAR lab", "GET VAR lab ups.status",
            "GET VAR lab battery.charge", "GET VAR lab battery.runtime", "GET VAR lab ups.load",
            "GET VAR lab ups.status");
        assertThat(answers).containsExactly(new UpsAnswer("OB", -1, 60_000_000_000L, -1));
        assertThat(session.isOneByOne()).isTrue();
    }

    @Test
    void shouldBelieveNoOtherVariableThanWasAskedFor()
    {
        begin("lab", Tls.OFF);

        lines("ERR UNKNOWN-COMMAND", "VAR lab battery.charge \"1\"");

        assertThat(failures).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "BEGIN LIST VAR other", "BEGIN LIST UPS", "VAR lab ups.status \"OB\"",
        "END LIST VAR lab", "OK", "ERR", "BEGIN LIST VAR \"lab", "HTTP/1.1 400 Bad Request"})
    void shouldGiveUpOverAnAnswerThatFitsNoQuestion(final String line)
    {
        begin("lab", Tls.OFF);

        lines(line, "BEGIN LIST VAR lab", "VAR lab ups.status \"OB LB\"", "END LIST VAR lab");

        assertThat(failures).singleElement().asString().contains("not understood");
        assertThat(answers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAR other ups.status \"OB\"", "VAR lab ups.status", "VAR lab ups.status \"OB\" more",
        "BEGIN LIST VAR lab", "END LIST VAR other", "VAR lab ups.status \"OB"})
    void shouldGiveUpOverAListThatHoldsAnythingElse(final String line)
    {
        begin("lab", Tls.OFF);

        lines("BEGIN LIST VAR lab", line);

        assertThat(failures).hasSize(1);
    }

    @Test
    void shouldGiveUpOnAServerThatSpeaksUnasked()
    {
        begin("lab", Tls.OFF);
        lines("BEGIN LIST VAR lab", "END LIST VAR lab");

        lines("VAR lab ups.status \"FSD\"");

        assertThat(failures).singleElement().asString().contains("not asked");
    }

    @Test
    void shouldGiveUpOnAListWithoutEndAndRememberIt()
    {
        begin("lab", Tls.OFF);
        lines("BEGIN LIST VAR lab");

        for (int i = 0; i < NutSession.LONGEST_LIST; i++)
        {
            lines("VAR lab x." + i + " \"y\"");
        }

        assertThat(failures).singleElement().asString().contains("does not end");
        assertThat(session.isOneByOne()).isTrue();
    }

    @Test
    void shouldNotWaitLongerForTheEndOfAnAnswerThanForItsBegin()
    {
        begin("lab", Tls.OFF);
        pass(3_000);
        lines("BEGIN LIST VAR lab", "VAR lab ups.status \"OL\"");
        pass(1_999);
        assertThat(failures).isEmpty();

        pass(1);

        assertThat(failures).containsExactly("no whole answer within 5 s");
    }

    @Test
    void shouldAskForTlsBeforeAnythingElse()
    {
        begin("lab", Tls.REQUIRE);
        assertThat(link.takeSent()).containsExactly("STARTTLS");

        lines("OK STARTTLS");
        assertThat(link.tls).isTrue();
        assertThat(link.takeSent()).isEmpty();
        session.onSecured(nowNs);

        assertThat(link.takeSent()).containsExactly("LIST VAR lab");
    }

    @Test
    void shouldBelieveNoLineWhileTlsIsAgreed()
    {
        begin("lab", Tls.REQUIRE);

        lines("OK STARTTLS", "BEGIN LIST VAR lab");

        assertThat(failures).hasSize(1);
        session.onSecured(nowNs);
        assertThat(link.takeSent()).containsExactly("STARTTLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERR FEATURE-NOT-CONFIGURED", "ERR FEATURE-NOT-SUPPORTED", "ERR UNKNOWN-COMMAND"})
    void shouldGoOnInClearOnlyIfItMay(final String error)
    {
        begin("lab", Tls.TRY);
        lines(error);
        assertThat(link.takeSent()).containsExactly("STARTTLS", "LIST VAR lab");

        begin("lab", Tls.REQUIRE);
        lines(error);

        assertThat(link.takeSent()).containsExactly("STARTTLS");
        assertThat(failures).singleElement().asString().contains("no TLS", "upsd.conf");
    }

    @Test
    void shouldNotWaitForEverForTls()
    {
        begin("lab", Tls.TRY);
        lines("OK STARTTLS");

        pass(5_000);

        assertThat(failures).containsExactly("TLS was not agreed within 5 s");
    }

    @Override
    public void onAnswer(final UpsAnswer answer)
    {
        answers.add(answer);
    }

    @Override
    public void onRefused(final String reason)
    {
        refusals.add(reason);
    }

    @Override
    public void onFailed(final String reason)
    {
        failures.add(reason);
    }

    private void begin(final String ups, final Tls tls)
    {
        session = new NutSession(Upses.called(ups, tls), link, this, false);
        session.begin(nowNs);
    }

    private void lines(final String... lines)
    {
        for (final String line : lines)
        {
            session.onLine(line, nowNs);
        }
    }

    private void pass(final long milliseconds)
    {
        nowNs += TimeUnit.MILLISECONDS.toNanos(milliseconds);
        session.step(nowNs);
    }
}
