package io.farblock.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a hostile other side may write, on its way to a terminal. */
class ReceivedTextTest
{
    @Test
    void shouldShowNothingThatCommandsATerminalOrForgesALine()
    {
        assertThat(ReceivedText.shown("a\u001b[2Jb\u009b31mc\nd\u2028e\u202ef"))
            .isEqualTo("a?[2Jb?31mc?d?e?f");
    }

    @Test
    void shouldLeaveWhatPeopleWriteAndBoundIt()
    {
        assertThat(ReceivedText.shown("zu groß: 12 µs ± 3")).isEqualTo("zu groß: 12 µs ± 3");
        assertThat(ReceivedText.shown("x".repeat(70_000))).hasSize(1003).endsWith("...");
        assertThat(ReceivedText.name("x".repeat(70_000))).hasSize(103).endsWith("...");
    }
}
