package io.farblock.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.faults.Deadline;
import io.farblock.daemon.faults.RootTools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The laboratory itself: lines have the rate that they are said to have, swallow when told, and go away. */
@Timeout(120)
class NetLabTest
{
    @Test
    void shouldCarryAtTheRateOfEachLine() throws Exception
    {
        try (NetLab lab = new NetLab(NetLab.ORDINARY_MTU, 60, 30))
        {
            final List<InetSocketAddress> ends = List.of(
                new InetSocketAddress(NetLab.targetAddress(0), 7000),
                new InetSocketAddress(NetLab.targetAddress(1), 7000));

            // never more, and as much as that in a run of a second that the machine leaves alone
            Deadline.await("nearly the rate of the lines", 60, () ->
            {
                final double rate = PlainStreams.bytesPerSecond(lab, ends, ends);
                System.out.printf(Locale.ROOT, "lab lines=90 Mbit/s plain=%.2f Mbit/s%n", rate * 8 / 1e6);
                assertThat(rate).isLessThanOrEqualTo(lab.bytesPerSecond());
                return rate >= lab.bytesPerSecond() * 0.8;
            });
        }
    }

    @Test
    void shouldSwallowWhileLookingUp() throws Exception
    {
        try (NetLab lab = new NetLab(NetLab.ORDINARY_MTU, 10))
        {
            assertThat(isReachable(lab, "20")).isTrue();

            lab.blackhole(0);
            assertThat(isReachable(lab, "0.5")).isFalse();
            assertThat(run(lab.atSource(), "ip", "link", "show", "dev", "line0")).contains("LOWER_UP");

            lab.restore(0);
            assertThat(isReachable(lab, "20")).isTrue();
        }
    }

    @Test
    void shouldLeaveNothingBehind() throws Exception
    {
        new NetLab(NetLab.JUMBO_MTU, 10, 10, 10).close();

        assertThat(RootTools.run("ip", "netns", "list")).doesNotContain("fb" + ProcessHandle.current().pid() + "-");
    }

    /** A port where nobody listens refuses at once, if the packets get there and back: what is waited for else. */
    private static boolean isReachable(final NetLab lab, final String seconds) throws IOException
    {
        final String connect =
            "timeout " + seconds + " bash -c '</dev/tcp/" + NetLab.targetAddress(0) + "/9' 2>&1 || echo $?";
        return run(lab.atSource(), "bash", "-c", connect).contains("refused");
    }

    private static String run(final List<String> enter, final String... command) throws IOException
    {
        final List<String> whole = new ArrayList<>(enter);
        whole.addAll(List.of(command));
        return RootTools.run(whole.toArray(new String[0]));
    }
}
