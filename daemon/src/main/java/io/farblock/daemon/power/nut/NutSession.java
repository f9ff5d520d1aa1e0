package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;
import io.farblock.replication.wire.ReceivedText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The conversation about one UPS on one connection: lines and time in, lines out; no socket, no clock, no thread. One
 * question is asked at a time, and whatever does not answer it ends the session: a server that says what it was not
 * asked is not understood, and must not be believed by chance.
 *
 * <pre>
 *            STARTTLS          OK                secured
 *   BEGUN ─────────────> TLS ──────> SECURING ───────────┐
 *     │  tls = off        │ ERR, unless tls = require    v
 *     └───────────────────┴───────────────────────────> IDLE <────────────┐ END LIST, last VAR, or ERR
 *                                          LIST VAR ups, │ GET VAR ups x   │
 *                                                        v                 │
 *                                              LIST ─BEGIN─> LISTED ───────┤
 *                                                        VARIABLE ─────────┘
 *   any ── wrong, late, too much ──> FAILED
 * </pre>
 *
 * <p>A server that has no LIST, or lists without an end, is asked for one variable after the other.
 */
final class NutSession
{
    /** From a question to the end of its answer. */
    static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(5);
    /** A large power strip has some hundred variables. */
    static final int LONGEST_LIST = 4096;

    private static final int SHOWN = 80;
    private static final List<String> WANTED =
        List.of(UpsAnswer.STATUS, UpsAnswer.CHARGE, UpsAnswer.RUNTIME, UpsAnswer.LOAD);
    private static final Set<String> NO_LIST = Set.of("UNKNOWN-COMMAND", "INVALID-ARGUMENT", "FEATURE-NOT-SUPPORTED");

    /** Where the conversation stands. */
    private enum Phase
    {
        BEGUN, TLS, SECURING, IDLE, LIST, LISTED, VARIABLE, FAILED
    }

    /** Hears what comes of it. */
    interface Listener
    {
        void onAnswer(UpsAnswer answer);

        /** The server answers that it cannot say; the session goes on. */
        void onRefused(String reason);

        /** The session is over, and its connection of no more use. */
        void onFailed(String reason);
    }

    private final UpsConfig ups;
    private final NutNetwork.Link link;
    private final Listener listener;
    private final Map<String, String> values = new HashMap<>();
    private Phase phase = Phase.BEGUN;
    private boolean oneByOne;
    private int lines;
    private long askedNs;
    private long deadlineNs;

    /** @param oneByOne lists are known to be of no use here. */
    NutSession(final UpsConfig ups, final NutNetwork.Link link, final Listener listener, final boolean oneByOne)
    {
        this.ups = ups;
        this.link = link;
        this.listener = listener;
        this.oneByOne = oneByOne;
    }

    /** The connection stands: asks for TLS, or how the UPS is. */
    void begin(final long nowNs)
    {
        if (ups.tls() == UpsConfig.Tls.OFF)
        {
            ask(nowNs);
        }
        else
        {
            question(Phase.TLS, "STARTTLS", nowNs);
        }
    }

    /** Asks again when it is time to; gives up when an answer is not. */
    void step(final long nowNs)
    {
        // Differences, because a nano clock may pass the largest long.
        if (phase == Phase.IDLE)
        {
            if (nowNs - (askedNs + ups.poll().toNanos()) >= 0)
            {
                ask(nowNs);
            }
        }
        else if (phase != Phase.FAILED && nowNs - deadlineNs >= 0)
        {
            fail(phase == Phase.SECURING ? "TLS was not agreed within " + seconds() :
                "no whole answer within " + seconds());
        }
    }

    void onLine(final String line, final long nowNs)
    {
        final List<String> words = NutWords.of(line);
        final String first = words.isEmpty() ? "" : words.get(0);
        switch (phase)
        {
            case TLS -> onTls(line, words, nowNs);
            case LIST -> onListBegin(line, words, nowNs);
            case LISTED -> onListed(line, words);
            case VARIABLE -> onVariable(line, words, nowNs);
            case FAILED ->
            {
                // It came in one piece with the line that was failed at.
            }
            default -> fail("it says what it was not asked for: " + shown(first.isEmpty() ? line : first));
        }
    }

    /** TLS is agreed, and the certificate good as far as that was asked for. */
    void onSecured(final long nowNs)
    {
        if (phase == Phase.SECURING)
        {
            ask(nowNs);
        }
    }

    /** Whether the next session should not ask for lists. */
    boolean isOneByOne()
    {
        return oneByOne;
    }

    private void ask(final long nowNs)
    {
        askedNs = nowNs;
        lines = 0;
        values.clear();
        if (oneByOne)
        {
            askVariable(nowNs);
        }
        else
        {
            question(Phase.LIST, "LIST VAR " + NutWords.sent(ups.ups()), nowNs);
        }
    }

    private void askVariable(final long nowNs)
    {
        question(Phase.VARIABLE, "GET VAR " + NutWords.sent(ups.ups()) + " " + WANTED.get(lines), nowNs);
    }

    private void question(final Phase next, final String line, final long nowNs)
    {
        phase = next;
        deadlineNs = nowNs + ANSWER_NS;
        link.send(line);
    }

    private void onTls(final String line, final List<String> words, final long nowNs)
    {
        if (words.equals(List.of("OK", "STARTTLS")))
        {
            phase = Phase.SECURING;
            deadlineNs = nowNs + ANSWER_NS;
            link.startTls();
        }
        else if (!isError(words))
        {
            misfit(line);
        }
        else if (ups.tls() == UpsConfig.Tls.REQUIRE)
        {
            fail("the server offers no TLS (" + shown(words.get(1)) + ") and it is required: give upsd a certificate " +
                "(CERTFILE or CERTPATH in upsd.conf), or do not require it");
        }
        else
        {
            ask(nowNs);
        }
    }

    private void onListBegin(final String line, final List<String> words, final long nowNs)
    {
        if (words.equals(List.of("BEGIN", "LIST", "VAR", ups.ups())))
        {
            phase = Phase.LISTED;
        }
        else if (isError(words) && NO_LIST.contains(words.get(1)))
        {
            oneByOne = true;
            ask(nowNs);
        }
        else if (isError(words))
        {
            refuse(words.get(1));
        }
        else
        {
            misfit(line);
        }
    }

    private void onListed(final String line, final List<String> words)
    {
        if (isVariable(words))
        {
            keep(words);
            if (++lines == LONGEST_LIST)
            {
                // Where it ends nobody knows, and so not where the next answer begins.
                oneByOne = true;
                fail("its list of variables does not end; next time they are asked for one by one");
            }
        }
        else if (words.equals(List.of("END", "LIST", "VAR", ups.ups())))
        {
            answer();
        }
        else if (isError(words))
        {
            refuse(words.get(1));
        }
        else
        {
            misfit(line);
        }
    }

    private void onVariable(final String line, final List<String> words, final long nowNs)
    {
        if (isVariable(words) && words.get(2).equals(WANTED.get(lines)))
        {
            keep(words);
        }
        else if (isError(words) && !words.get(1).equals("VAR-NOT-SUPPORTED"))
        {
            refuse(words.get(1));
            return;
        }
        else if (!isError(words))
        {
            misfit(line);
            return;
        }
        if (++lines == WANTED.size())
        {
            answer();
        }
        else
        {
            askVariable(nowNs);
        }
    }

    private void answer()
    {
        phase = Phase.IDLE;
        listener.onAnswer(UpsAnswer.of(values.get(UpsAnswer.STATUS), values.get(UpsAnswer.CHARGE),
            values.get(UpsAnswer.RUNTIME), values.get(UpsAnswer.LOAD)));
    }

    private void refuse(final String error)
    {
        phase = Phase.IDLE;
        listener.onRefused(switch (error)
        {
            case "DATA-STALE" -> "its driver has lost the UPS (DATA-STALE): is the cable in, does the UPS answer?";
            case "DRIVER-NOT-CONNECTED" ->
                "its driver does not run (DRIVER-NOT-CONNECTED): upsdrvctl start " + ups.ups() + ", on the server";
            case "UNKNOWN-UPS" -> "the server has no UPS \"" + ups.ups() + "\" (UNKNOWN-UPS): upsc -l " + ups.host() +
                " lists those that it has";
            case "ACCESS-DENIED" -> "the server tells this machine nothing (ACCESS-DENIED): see its access rules";
            default -> "the server does not say: " + shown(error);
        });
    }

    private void misfit(final String line)
    {
        fail("its answer is not understood: " + shown(line) + "; is that a NUT server?");
    }

    private void fail(final String reason)
    {
        phase = Phase.FAILED;
        listener.onFailed(reason);
    }

    private void keep(final List<String> words)
    {
        // Only what is wanted: a server decides how much it sends, not how much is kept.
        if (WANTED.contains(words.get(2)))
        {
            values.put(words.get(2), words.get(3));
        }
    }

    private boolean isVariable(final List<String> words)
    {
        return words.size() == 4 && words.get(0).equals("VAR") && words.get(1).equals(ups.ups());
    }

    private static boolean isError(final List<String> words)
    {
        return words.size() >= 2 && words.get(0).equals("ERR");
    }

    private static String seconds()
    {
        return TimeUnit.NANOSECONDS.toSeconds(ANSWER_NS) + " s";
    }

    private static String shown(final String text)
    {
        return '"' + ReceivedText.shown(text, SHOWN).replace('"', '\'') + '"';
    }
}
