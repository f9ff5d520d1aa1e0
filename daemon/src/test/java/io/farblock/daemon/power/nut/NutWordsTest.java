package io.farblock.daemon.power.nut;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words, quotes, backslashes. */
class NutWordsTest
{
    @Test
    void shouldTakeQuotedWordsApart()
    {
        assertThat(NutWords.of("VAR lab ups.status \"OL CHRG\""))
            .containsExactly("VAR", "lab", "ups.status", "OL CHRG");
        assertThat(NutWords.of("VAR lab x \"a \\\"b\\\" \\\\ c\"")).containsExactly("VAR", "lab", "x", "a \"b\" \\ c");
        assertThat(NutWords.of("  VAR   \"\" ")).containsExactly("VAR", "");
        assertThat(NutWords.of("a\\ b \"#1\"")).containsExactly("a b", "#1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "VAR lab x \"OL", "VAR lab x \"OL\\\"", "VAR lab x \"OL\"CHRG", "VAR la\"b",
        "VAR \\", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"})
    void shouldFindNoWordsInWhatBreaksTheRules(final String line)
    {
        assertThat(NutWords.of(line)).isEmpty();
    }

    @Test
    void shouldReadWhatItSends()
    {
        final long seed = System.nanoTime();
        System.out.println("nut words seed=" + seed);
        final Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++)
        {
            final StringBuilder word = new StringBuilder();
            for (int length = random.nextInt(10); length > 0; length--)
            {
                word.append("ab \"\\#".charAt(random.nextInt(6)));
            }

            assertThat(NutWords.of(NutWords.sent(word.toString()) + " end")).isEqualTo(List.of(word.toString(), "end"));
        }
    }
}
