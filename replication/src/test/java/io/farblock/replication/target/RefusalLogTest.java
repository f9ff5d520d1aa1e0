package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.farblock.replication.target.RefusalLog.Kind;
import java.util.List;
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
        flood(Kind.FRAME);

        assertThat(lines()).hasSize(RefusalLog.LINES);
        assertThat(lines().get(0)).isEqualTo("path state=refused reason=\"garbage 0\"");
        assertThat(lines().get(RefusalLog.LINES - 1)).contains("only counted");
        assertThat(refusals.count()).isEqualTo(FLOOD);
        assertThat(refusals.last()).isEqualTo("garbage " + (FLOOD - 1));
    }

    @Test
    void shouldSayHowManyThereWereOnceTheMinuteIsOverAndBeginAnew()
    {
        flood(Kind.FRAME);
        nowNs += MINUTE_NS;
        log.list.clear();

        flood(Kind.FRAME);

        assertThat(lines()).hasSize(1 + RefusalLog.LINES);
        assertThat(lines().get(0)).contains("count=" + FLOOD);
    }

    @Test
    void shouldSayAtTheEndHowManyThereWere()
    {
        flood(Kind.FRAME);
        log.list.clear();

        refusals.close();
        refusals.close();

        assertThat(lines()).singleElement().asString().contains("count=" + FLOOD);
    }

    @Test
    void shouldNotLetOneKindHideAnother()
    {
        flood(Kind.FRAME);
        log.list.clear();

        refusals.refused(Kind.SITE, "a misspelt site");

        assertThat(lines()).containsExactly("path state=refused reason=\"a misspelt site\"");
    }

    @Test
    void shouldSayNothingMoreOfAFew()
    {
        refusals.refused(Kind.SITE, "once");
        nowNs += 2 * MINUTE_NS;
        refusals.refused(Kind.SITE, "twice");

        refusals.close();

        assertThat(lines()).hasSize(2);
    }

    @Test
    void shouldCutWhatAStrangerWrote()
    {
        refusals.refused(Kind.SITE, "x".repeat(60_000));

        assertThat(lines().get(0)).hasSizeLessThan(400);
        assertThat(refusals.last()).hasSizeLessThan(400);
    }

    private void flood(final Kind kind)
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
