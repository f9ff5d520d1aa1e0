package io.farblock.powersim.explore;

import static io.farblock.powersim.explore.Cuts.PAGE_BYTES;
import static io.farblock.powersim.explore.Cuts.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.BlockDevice;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a cut may leave of a device. */
class CutDeviceTest
{
    private static final int PAGES = 3;

    @Test
    void shouldKeepOrDropEachWriteSinceTheFlush() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            final BlockDevice device = device(media);
            device.write(0, page('a'), 0, PAGE_BYTES);
            device.flush();
            witness.note("flushed");
            device.write(PAGE_BYTES, page('b'), 0, PAGE_BYTES);
            device.write(2 * PAGE_BYTES, page('c'), 0, PAGE_BYTES);
        }, CutDeviceTest::tell);

        // the third is the later write without the earlier one
        assertThat(Cuts.whole(states)).containsExactly("a--", "a-c", "ab-", "abc");
        assertThat(states).contains("a[-, b]-", "ab[-, c]").allMatch(state -> state.startsWith("a"));
    }

    @Test
    void shouldLayALaterWriteOverAnEarlierOne() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            final BlockDevice device = device(media);
            witness.note("begun");
            device.write(0, page('a'), 0, PAGE_BYTES);
            device.write(0, page('b'), 0, PAGE_BYTES);
            device.zero(PAGE_BYTES, PAGE_BYTES);
        }, CutDeviceTest::tell);

        assertThat(Cuts.whole(states)).containsExactly("---", "a--", "b--");
        assertThat(states).contains("[a, b]--", "[-, b]--");
    }

    /** So nothing is gained by having two writes of one flush the other way round. */
    @Test
    void shouldLeaveTheSameWhicheverOfTwoWritesIsFirst() throws Exception
    {
        final Set<String> oneWay = Cuts.afterTheFact((media, witness, random) ->
        {
            witness.note("begun");
            device(media).write(0, page('a'), 0, PAGE_BYTES);
            device(media).write(PAGE_BYTES, page('b'), 0, PAGE_BYTES);
            device(media).flush();
        }, CutDeviceTest::tell);

        final Set<String> theOther = Cuts.afterTheFact((media, witness, random) ->
        {
            witness.note("begun");
            device(media).write(PAGE_BYTES, page('b'), 0, PAGE_BYTES);
            device(media).write(0, page('a'), 0, PAGE_BYTES);
            device(media).flush();
        }, CutDeviceTest::tell);

        assertThat(Cuts.whole(oneWay)).isEqualTo(Cuts.whole(theOther)).containsExactly("---", "-b-", "a--", "ab-");
    }

    @Test
    void shouldTearWhatIsZeroed() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            final BlockDevice device = device(media);
            device.write(0, page('a'), 0, PAGE_BYTES);
            device.flush();
            witness.note("flushed");
            device.discard(0, PAGE_BYTES);
        }, CutDeviceTest::tell);

        assertThat(states).containsExactly("---", "[-, a]--", "a--");
    }

    @Test
    void shouldKeepAllOfAFlushAndNothingOfAnotherDevice() throws Exception
    {
        final Set<String> states = Cuts.afterTheFact((media, witness, random) ->
        {
            final BlockDevice other = media.device("other", PAGE_BYTES);
            other.write(0, page('x'), 0, PAGE_BYTES);
            device(media).write(0, page('a'), 0, PAGE_BYTES);
            device(media).flush();
            witness.note("flushed");
        }, media -> tell(media) + Cuts.tell(media.device("other", PAGE_BYTES), 1));

        assertThat(states).containsExactly("a---", "a--[-, x]", "a--x");
    }

    private static BlockDevice device(final Media media)
    {
        return media.device("disk", (long)PAGES * PAGE_BYTES);
    }

    private static String tell(final Media media)
    {
        return Cuts.tell(device(media), PAGES);
    }
}
