package io.farblock.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.control.DaemonStatus;
import io.farblock.daemon.engine.FakeEngine;
import io.farblock.replication.status.SourceStatus;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import io.farblock.replication.status.SourceStatus.ArrayStatus;
import io.farblock.replication.status.SourceStatus.BootStatus;
import io.farblock.replication.status.SourceStatus.GapStatus;
import io.farblock.replication.status.SourceStatus.GroupStatus;
import io.farblock.replication.status.SourceStatus.PathStatus;
import io.farblock.replication.status.SourceStatus.PauseStatus;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import io.farblock.replication.status.TargetStatus;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import io.farblock.replication.status.TargetStatus.SessionStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The status as people read it, from fixed records. */
class StatusTextTest
{
    private static final PauseStatus NO_PAUSE = new PauseStatus(0, 0, 0, 0, 0, 0);
    private static final VolumeStatus DISK = new VolumeStatus(
        "disk0", "/dev/md0", 256L << 20, 65536, "bpf", "ab", "",
        List.of(new GapStatus("device_replaced", "the device was replaced", 1, 2, 1, 0, 1)),
        new ArrayStatus("md0", "rebuilding", "rebuilding 41 % (sdc)", List.of()),
        List.of(
            new ArrayChange(1_763_785_264_000L, "clean", "degraded", "degraded, 1 of 4 members missing, sdb failed"),
            new ArrayChange(1_763_785_301_250L, "degraded", "rebuilding", "rebuilding 0.1 % (sdc)")), null, 3 << 16);

    @Test
    void shouldShowASourceAtWork()
    {
        final SourceStatus source = new SourceStatus("beta", "3f2a",
            List.of(new PathStatus("fibre", "127.0.0.1", "127.0.0.1:7701", "up", "", 210_000, 97_000_000, 1 << 30, 0,
                false, 0, 0, 0, 0, 1, 0, 0, false, 0),
                new PathStatus("dsl", null, "10.0.0.9:7701", "down", "refused", 0, 0, 0, 3, true,
                    0, 0, 0, 0, 0, 0, 0, false, 0)),
            List.of(new GroupStatus("vms", "send", "", 3, 2, "fs", 65_000_000_000L, 256L << 20, 128L << 20, 12L << 20,
                4L << 20, 5L << 20, 1_000, null, "suspend",
                new PauseStatus(500_000_000, 2, 1, 12_000_000, 31_000_000, 31_000_000), List.of(DISK))), List.of());

        assertThat(StatusText.of(
            new DaemonStatus("alpha", "0.1.0", 42, 182_000_000_000L, false, List.of(source), null, null)))
            .isEqualTo("""
                site alpha   farblock 0.1.0   pid 42   up 3 m 2 s

                to beta   1 of 2 paths up   session 3f2a
                  PATH   REMOTE          STATE  RTT      RATE        SENT   RESENT    SECURITY   REASON
                  fibre  127.0.0.1:7701  up     210 us   92.5 MiB/s  1 GiB  0 frames  INSECURE   -
                  dsl    10.0.0.9:7701   down   unknown  unknown     0 B    3 frames  encrypted  refused
                  GROUP  PHASE  EPOCH  SEALED  RPO      PAUSE                                      PROGRESS
                  vms    send   3      2 fs    1 m 5 s  p50 12 ms, p99 31 ms, max 31 ms of 500 ms  \
                50 %, 128 MiB of 256 MiB read, 12 MiB changed, 5 MiB sent
                  VOLUME     DEVICE    SIZE     BLOCK   TRACKING                           ARRAY                  ERROR
                  vms/disk0  /dev/md0  256 MiB  64 KiB  bpf, GAP: the device was replaced  rebuilding 41 % (sdc)  -
                  ARRAY CHANGED  AT                        WAS       IS          REASON
                  vms/disk0      2025-11-22T04:21:04Z      clean     degraded    \
                degraded, 1 of 4 members missing, sdb failed
                  vms/disk0      2025-11-22T04:21:41.250Z  degraded  rebuilding  rebuilding 0.1 % (sdc)
                """);
    }

    @Test
    void shouldListPathsWithWhatWasMeasuredOfThem()
    {
        final SourceStatus source = new SourceStatus("beta", "3f2a",
            List.of(new PathStatus("fibre", "10.0.0.1", "10.0.0.9:7701", "up", "welcomed", 5_000_000, 12_500_000,
                1 << 30, 7, false, 1_000_000, 65_536, 4096, 99, 2, 1, 10, false,
                    6_250_000),
                new PathStatus("5g", "", "10.0.1.9:7701", "disabled", "disabled by the operator", 0, 0, 0, 0, true,
                    0, 0, 0, 0, 0, 0, 0, true, 0)), List.of(), List.of());

        assertThat(PathText.of(source).replaceAll(" {2,}", "|")).isEqualTo("""
            PATH|LOCAL|REMOTE|STATE|RTT|RATE|QUEUED|SENT|RECEIVED|RESENT|TAKEN|SUSPECT|USE|REASON
            beta/fibre|10.0.0.1|10.0.0.9:7701|up|5 ms ± 1 ms|11.9 MiB/s|64 KiB|1 GiB|4 KiB|7 frames|2 times|1 times|\
            cost 10, at most 50.0 Mbit/s, INSECURE|welcomed
            beta/5g|-|10.0.1.9:7701|disabled|unknown|unknown|0 B|0 B|0 B|0 frames|0 times|0 times|\
            metered|disabled by the operator
            """);
    }

    @Test
    void shouldCallUnknownUnknown()
    {
        final SourceStatus source = new SourceStatus("beta", null,
            List.of(new PathStatus("p", null, null, null, null, 0, 0, 0, 0, false, 0, 0, 0, 0, 0, 0, 0,
                false, 0)),
            List.of(new GroupStatus("vms", "waiting", "no path is up", 0, 0, "", -1, 0, 0, 0, 0, 0, 0, null,
                "live", NO_PAUSE, List.of(new VolumeStatus(
                    "d", "/dev/x", 0, 65536, "scan", "", "no such device", List.of(), null, List.of(),
                    null, -1)))), List.of());

        assertThat(StatusText.of(new DaemonStatus("alpha", "0.1.0", 42, 0, false, List.of(source), null, null)))
            .isEqualTo("""
                site alpha   farblock 0.1.0   pid 42   up 0 us

                to beta   0 of 1 paths up   no session
                  PATH  REMOTE   STATE    RTT      RATE     SENT  RESENT    SECURITY  REASON
                  p     unknown  unknown  unknown  unknown  0 B   0 frames  INSECURE  -
                  GROUP  PHASE                    EPOCH  SEALED  RPO      PAUSE  PROGRESS
                  vms    waiting (no path is up)  -      none    unknown  -      -
                  VOLUME  DEVICE  SIZE     BLOCK   TRACKING  ARRAY  ERROR
                  vms/d   /dev/x  unknown  64 KiB  scan      -      no such device
                """);
    }

    @Test
    void shouldSayWhatIsComparedAfterABoot()
    {
        final BootStatus saved = new BootStatus(true, 3L << 20, "saved map and md's write-intent bitmap", true);

        assertThat(tracking(saved))
            .contains("bpf, since boot: compares 3 MiB of 256 MiB: saved map and md's write-intent bitmap");
        assertThat(tracking(new BootStatus(false, 256L << 20, "no saved map", true)))
            .contains("bpf, since boot: compares everything: no saved map");
        assertThat(tracking(new BootStatus(true, 3L << 20, "saved map", false))).doesNotContain("boot");
    }

    private static String tracking(final BootStatus boot)
    {
        final VolumeStatus disk = new VolumeStatus(
            "d", "/dev/md0", 256L << 20, 65536, "bpf", "", "", List.of(), null, List.of(), boot, 0);
        final SourceStatus source = new SourceStatus("beta", null, List.of(), List.of(new GroupStatus("vms", "idle", "",
            0, 0, "", -1, 0, 0, 0, 0, 0, 0, null, "live", NO_PAUSE, List.of(disk))), List.of());
        return StatusText.of(new DaemonStatus("alpha", "0.1.0", 42, 0, false, List.of(source), null, null));
    }

    @Test
    void shouldShowHowTheLastEpochEnded()
    {
        assertThat(idleAfter(FakeEngine.sealed(4))).contains("last: 64 KiB changed, 39.1 KiB sent in 5 ms");
        assertThat(idleAfter(FakeEngine.failed("peer full"))).contains("last epoch FAILED: peer full");
    }

    @Test
    void shouldShowATarget()
    {
        final TargetStatus target = new TargetStatus(List.of("127.0.0.1:7700"),
            List.of(new SessionStatus("alpha", "3f2a", 2, 1 << 20, 5)),
            List.of(new ReplicaStatus("alpha", "vms", "disk0", "/srv/d.img", "sealed", "", 256L << 20, 7, 7, "fuzzy",
                "ab", 0),
                new ReplicaStatus("alpha", "vms", "disk1", "/srv/e.img", "blocked", "disk full", 0, 0, 0, "fuzzy", "",
                    1 << 20)),
            List.of(), 3, "bad CRC from 127.0.0.1", Map.of("frame", 2L, "not-tls", 1L));

        assertThat(StatusText.of(new DaemonStatus("beta", "0.1.0", 42, 1_500_000_000L, true, List.of(), target, null)))
            .isEqualTo("""
                site beta   farblock 0.1.0   pid 42   up 1.5 s

                listening on 127.0.0.1:7700   INSECURE
                  refused 3 (2 frame, 1 not-tls), the last: bad CRC from 127.0.0.1
                  FROM   SESSION  PATHS   RECEIVED  DUPLICATES
                  alpha  3f2a     2 live  1 MiB     5 frames
                  REPLICA          STATE                SEALED  APPLIED  SIZE     JOURNAL  DEVICE
                  alpha/vms/disk0  sealed               7       7 FUZZY  256 MiB  0 B      /srv/d.img
                  alpha/vms/disk1  blocked (disk full)  none    none     unknown  1 MiB    /srv/e.img
                """);
    }

    private static String idleAfter(final io.farblock.replication.status.EpochResult result)
    {
        return StatusText.of(new DaemonStatus("a", "1", 1, 0, false, List.of(new SourceStatus("beta", "", List.of(),
            List.of(new GroupStatus("vms", "idle", "", 0, 4, "crash", 0, 0, 0, 0, 0, 0, 0, result,
                "live", NO_PAUSE, List.of(DISK))), List.of())),
            null, null));
    }
}
