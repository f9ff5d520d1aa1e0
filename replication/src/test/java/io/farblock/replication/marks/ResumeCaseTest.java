package io.farblock.replication.marks;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.BootIntent;
import io.farblock.replication.marks.ResumeCase.Verdict;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The table in {@link ResumeCase}, row by row. */
class ResumeCaseTest
{
    private static final UUID THEN = new UUID(0, 1);
    private static final UUID NOW = new UUID(0, 2);
    private static final byte[] LOOKS = new byte[32];
    private static final byte[] LOOKS_OTHER = {1};
    private static final BootIntent BITMAP = new BootIntent(List.of(), 5, "");
    private static final BootIntent NO_BITMAP = BootIntent.refused("it is no md array");

    @Test
    void shouldCompareEverythingWithoutAMapThatCanBeUsed()
    {
        assertEverything(new ResumeCase(null, "no saved map", true, NOW, "", LOOKS, BITMAP), "no saved map");
        assertEverything(new ResumeCase(null, "no saved map", false, NOW, "", LOOKS, NO_BITMAP),
            "no saved map, and no write-intent bitmap: it is no md array");
    }

    @Test
    void shouldCompareEverythingWhenTrackingWasEndedWithinOneRun()
    {
        assertEverything(new ResumeCase(saved(NOW, "", true), "", true, NOW, "", LOOKS, BITMAP), "one run");
    }

    @Test
    void shouldCompareEverythingWhenTheMapHadAGap()
    {
        assertEverything(new ResumeCase(saved(THEN, "a skipped run", false), "", true, NOW, "", LOOKS, BITMAP),
            "not whole: a skipped run");
    }

    @Test
    void shouldCompareEverythingWhenSomethingWasWrittenBeforeTrackingBegan()
    {
        assertEverything(
            new ResumeCase(saved(THEN, "", true), "", true, NOW, "/dev/sda had 3 writes", LOOKS, BITMAP), "3 writes");
        assertEverything(
            new ResumeCase(saved(THEN, "", false), "", true, NOW, "/dev/sda had 3 writes", LOOKS, BITMAP), "3 writes");
    }

    @Test
    void shouldCompareTheMapAfterACleanShutdown()
    {
        assertThat(new ResumeCase(saved(THEN, "", true), "", false, NOW, "", LOOKS, NO_BITMAP).verdict())
            .isEqualTo(new Verdict(true, false, "saved map of a clean shutdown"));
    }

    @Test
    void shouldCompareEverythingWhenTheDeviceLooksOtherwiseThanAtTheShutdown()
    {
        assertEverything(
            new ResumeCase(saved(THEN, "", true), "", false, NOW, "", LOOKS_OTHER, BITMAP), "not as it was");
        assertEverything(new ResumeCase(saved(THEN, "", true), "", false, NOW, "", null, BITMAP), "not as it was");
    }

    @Test
    void shouldCompareMapAndBitmapAfterAPowerCut()
    {
        assertThat(new ResumeCase(saved(THEN, "", false), "", true, NOW, "", null, BITMAP).verdict())
            .isEqualTo(new Verdict(true, true, "saved map and md's write-intent bitmap"));
    }

    @Test
    void shouldCompareEverythingAfterAPowerCutThatNobodyKeptTheMapUntil()
    {
        assertEverything(new ResumeCase(saved(THEN, "", false), "", false, NOW, "", null, BITMAP), "nobody kept");
    }

    @Test
    void shouldCompareEverythingAfterAPowerCutWithoutABitmap()
    {
        assertEverything(new ResumeCase(saved(THEN, "", false), "", true, NOW, "", null, NO_BITMAP),
            "no clean shutdown and no write-intent bitmap: it is no md array");
    }

    @Test
    void shouldCompareEverythingWhenBitsGoSoonerThanTheMapIsWritten()
    {
        final BootIntent hasty = new BootIntent(List.of(), 4, "");

        assertEverything(new ResumeCase(saved(THEN, "", false), "", true, NOW, "", null, hasty), "after 4 s");
    }

    private static void assertEverything(final ResumeCase known, final String why)
    {
        final Verdict verdict = known.verdict();
        assertThat(verdict.narrowed()).isFalse();
        assertThat(verdict.withIntent()).isFalse();
        assertThat(verdict.reason()).contains(why);
    }

    private static MarkHeader saved(final UUID boot, final String incomplete, final boolean clean)
    {
        return new MarkHeader(1, NOW, 1 << 20, boot, 1, 0, incomplete, clean, LOOKS);
    }
}
