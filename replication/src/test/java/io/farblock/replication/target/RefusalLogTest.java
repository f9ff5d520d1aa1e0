package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.farblock.replication.paths.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A flood at the door, and what it may write into the log. */
final class RefusalLogTest
{
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int FLOOD = 100_000;

    private final Logger logger = (Logger)LoggerFactory.getLogger("farblock.target");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private long nowNs = Long.MAX_VALUE - MINUTE_NS / 2;
    private final RefusalLog refusals = new RefusalLog(() -> nowNs);

    @BeforeEach
    void listen()
    {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void unlisten()
    {
        logger.setAdditive(true);
        logger.detachAppender(log);
    }

    @Test
    void shouldLogAFewOfAFloodAndCountAllOfIt()
    {
        flood(Refusal.FRAME);

        assertThat(lines()).hasSize(RefusalLog.LINES);
        assertThat(lines().get(0)).isEqualTo("path state=refused reason=\"garbage 0\"");
        assertThat(lines().get(RefusalLog.LINES - 1)).contains("only counted");
        assertThat(refusals.count()).isEqualTo(FLOOD);
        assertThat(refusals.last()).isEqualTo("garbage " + (FLOOD - 1));
    }

    @Test
    void shouldSayHowManyThereWereOnceTheMinuteIsOverAndBeginAnew()
    {
        flood(Refusal.FRAME);
        nowNs += MINUTE_NS;
        log.list.clear();

        flood(Refusal.FRAME);

        assertThat(lines()).hasSize(1 + RefusalLog.LINES);
        assertThat(lines().get(0)).contains("count=" + FLOOD);
    }

    @Test
    void shouldSayAtTheEndHowManyThereWere()
    {
        flood(Refusal.FRAME);
        log.list.clear();

        refusals.close();
        refusals.close();

        assertThat(lines()).singleElement().asString().contains("count=" + FLOOD);
    }

    @Test
    void shouldNotLetOneKindHideAnother()
    {
        flood(Refusal.FRAME);
        log.list.clear();

        refusals.refused(Refusal.SITE, "a misspelt site");

        assertThat(lines()).containsExactly("path state=refused reason=\"a misspelt site\"");
    }

    @Test
    void shouldSayNothingMoreOfAFew()
    {
        refusals.refused(Refusal.SITE, "once");
        nowNs += 2 * MINUTE_NS;
        refusals.refused(Refusal.SITE, "twice");

        refusals.close();

        assertThat(lines()).hasSize(2);
    }

    @Test
    void shouldCountEachKind()
    {
        refusals.refused(Refusal.NOT_TLS, "plain");
        refusals.refused(Refusal.SITE, "misspelt");
        refusals.refused(Refusal.NOT_TLS, "plain again");

        assertThat(refusals.counts()).isEqualTo(Map.of("not-tls", 2L, "site", 1L));
    }

    @Test
    void shouldKeepAStrangersLinesOutOfTheLog()
    {
        refusals.refused(Refusal.SITE, "a\nforged line");

        assertThat(lines().get(0)).contains("a?forged line");
    }

    @Test
    void shouldCutWhatAStrangerWrote()
    {
        refusals.refused(Refusal.SITE, "x".repeat(60_000));

        assertThat(lines().get(0)).hasSizeLessThan(400);
        assertThat(refusals.last()).hasSizeLessThan(400);
    }

    private void flood(final Refusal kind)
    {
        for (int i = 0; i < FLOOD; i++)
        {
            refusals.refused(kind, "garbage " + i);
        }
    }

    private List<String> lines()
    {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
