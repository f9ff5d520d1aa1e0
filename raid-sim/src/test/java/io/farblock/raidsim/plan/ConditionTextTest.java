package io.farblock.raidsim.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.raid.ArrayState;
import org.junit.jupiter.api.Test;

/** Conditions as people write them: what holds when, and what is not understood. */
class ConditionTextTest
{
    private final FakeArray array = new FakeArray();

    @Test
    void shouldCompareARebuildOnlyWhileOneIsRunning()
    {
        final boolean none = holds("rebuild < 40 %");
        array.rebuild = 39.9;
        final boolean[] before = {holds("rebuild < 40 %"), holds("rebuild >= 40%"), holds("rebuild > 39 %")};
        array.rebuild = 40;
        final boolean[] at = {holds("rebuild < 40 %"), holds("rebuild <= 40 %"), holds("rebuild>=40%")};

        assertThat(none).isFalse();
        assertThat(before).containsExactly(true, false, true);
        assertThat(at).containsExactly(false, true, true);
    }

    @Test
    void shouldKnowArraysDisksAndTime()
    {
        array.state = ArrayState.READ_ONLY;
        array.failed.add(1);
        array.seconds(90);

        assertThat(holds("array read-only")).isTrue();
        assertThat(holds("array degraded")).isFalse();
        assertThat(holds("disk 1 failed")).isTrue();
        assertThat(holds("disk sdb failed")).isTrue();
        assertThat(holds("disk 0 failed")).isFalse();
        assertThat(holds("time >= 90 s")).isTrue();
        assertThat(holds("time > 1.5m")).isFalse();
    }

    @Test
    void shouldBindNotBeforeAndBeforeOr()
    {
        array.failed.add(1);

        assertThat(holds("disk 1 failed or disk 0 failed and disk 2 failed")).isTrue();
        assertThat(holds("not disk 0 failed and disk 1 failed")).isTrue();
        assertThat(holds("not disk 1 failed or disk 0 failed")).isFalse();
    }

    @Test
    void shouldSayWhatItExpectedAndWhere()
    {
        refused("", "\"rebuild\", \"time\", \"array\", \"disk\" or \"not\"");
        refused("rebuild 40 %", "one of < <= > >= after \"rebuild\"");
        refused("rebuild >= forty %", "a number from 0 to 100 after \"rebuild >=\"");
        refused("rebuild >= 40", "% after \"rebuild >= 40\"");
        refused("array sad", "degraded");
        refused("disk 7 failed", "a disk from 0 to 2, or one of sda, sdb, sdc after \"disk\"");
        refused("disk 1", "\"failed\" after \"disk 1\"");
        refused("disk 1 failed and", "\"not\" after \"disk 1 failed and\"");
        refused("disk 1 failed disk 2 failed", "\"and\", \"or\" or the end after \"disk 1 failed\"");
        refused("time > soon", "a duration such as");
    }

    private boolean holds(final String text)
    {
        return ConditionText.parse(text, FakeArray.DISKS).holds(array, array.nowNs);
    }

    private static void refused(final String text, final String words)
    {
        assertThatThrownBy(() -> ConditionText.parse(text, FakeArray.DISKS)).as(text)
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(words);
    }
}
