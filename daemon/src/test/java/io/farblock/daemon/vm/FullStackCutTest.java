package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.daemon.control.ControlException;
import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.daemon.faults.DaemonProcess;
import io.farblock.daemon.faults.Deadline;
import io.farblock.powersim.CutReport;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Linux, ext4 and the daemon on disks that lose, tear and reorder what was not flushed, cut off again and again under
 * load, on the same disks: in turn with the source in the guest, and with the target there. After each cut both file
 * systems are whole, all that was synced is there, every epoch that was acknowledged is there, and the next one makes
 * both sides equal without anybody's help. {@code -Drounds=N} cuts, 50 normally; {@code -Dseed=N} repeats the lots.
 */
@Tag("vm")
@Timeout(7200)
class FullStackCutTest
{
    private static final long VOLUME_BYTES = 32 << 20;
    private static final long STATE_BYTES = 256 << 20;
    private static final String VOLUME = "/dev/vdb";
    private static final String REPLICA = "/dev/vdc";
    private static final long EPOCH_SECONDS = 180;
    private static final int EPOCHS_UNDER_LOAD = 2;
    private static final long LATEST_CUT_MS = 20_000;
    /** In fewer rounds there may be, by chance, nothing to lose. */
    private static final int LONG_ENOUGH = 10;
    private static final int CHANGES = 40;
    private static final int LONGEST_CHANGE = 100_000;

    private final long seed = Long.parseLong(VmTools.property("seed", "" + new Random().nextInt(1_000_000)));
    private final Random random = new Random(seed);
    @TempDir
    private Path directory;
    private Vm vm;
    private GuestFiles files;
    private GuestDaemon guestSource;
    private GuestDaemon guestTarget;
    /** Where the guest's source sends to, and what feeds the guest's target. */
    private DaemonProcess target;
    private DaemonProcess source;
    private Path replica;
    private Path image;
    /** What the guest's source was told is sealed. */
    private EpochResult told;
    /** What the source outside was told is sealed, and what its volume was then. */
    private EpochResult toldOutside;
    private String toldDigest;
    private final long[] fates = new long[4];
    private long roundBeganNs;
    private long loadSeconds;
    private long startSeconds;

    @AfterEach
    void close() throws IOException
    {
        try
        {
            if (vm != null)
            {
                vm.close();
            }
        }
        finally
        {
            // processes of this machine, whatever became of the guest
            closeAll(source, target, guestSource, guestTarget);
        }
    }

    private static void closeAll(final AutoCloseable... parts)
    {
        for (final AutoCloseable part : parts)
        {
            try
            {
                if (part != null)
                {
                    part.close();
                }
            }
            catch (final Exception ex)
            {
                System.out.println("vm full stack: cannot end " + part + ": " + ex);
            }
        }
    }

    @Test
    void shouldRecoverFromEveryCut() throws Exception
    {
        // at least one with each side inside
        final int rounds = Math.max(2, Integer.parseInt(VmTools.property("rounds", "50")));
        // to change sides costs the start of a daemon
        final int turn = Math.min(10, rounds / 2);
        begin();
        for (int round = 1; round <= rounds; round++)
        {
            final boolean sourceInside = (round - 1) / turn % 2 == 0;
            final boolean changed = round > 1 && (round - 1) % turn == 0;
            final String what = "round " + round + " with -Dseed=" + seed;
            roundBeganNs = System.nanoTime();
            final String found = sourceInside ? cutSource(what, changed) : cutTarget(what, changed);
            System.out.printf("vm full stack \"%s\" inside=%s seconds=%d %s%n", what,
                sourceInside ? "source" : "target", (System.nanoTime() - roundBeganNs) / 1_000_000_000, found);
        }
        System.out.printf("vm full stack rounds=%d seed=%d kept=%d dropped=%d torn=%d reordered=%d%n", rounds, seed,
            fates[0], fates[1], fates[2], fates[3]);
        if (rounds >= LONG_ENOUGH)
        {
            assertThat(fates).as("kept, dropped, torn, reordered").doesNotContain(0);
        }
    }

    /** Both pairs, and a first copy of each. */
    private void begin() throws Exception
    {
        VmTools.require();
        System.out.printf("vm full stack seed=%d%n", seed);
        vm = new Vm(VmKernel.find(), directory);
        vm.addVolatileDisk(STATE_BYTES);
        vm.addVolatileDisk(VOLUME_BYTES);
        vm.addVolatileDisk(VOLUME_BYTES);
        vm.boot();
        files = new GuestFiles(vm, VOLUME);
        GuestFiles.make(vm, GuestDaemon.STATE_DISK);
        files.make();
        final int port;
        try (ServerSocket free = LoopbackPort.anyFree())
        {
            port = free.getLocalPort();
        }
        guestSource = GuestDaemon.source(vm, VOLUME, port);
        guestTarget = GuestDaemon.target(vm, REPLICA);
        replica = directory.resolve("replica.img");
        image = directory.resolve("image.img");
        Images.mixed(image, VOLUME_BYTES, random);
        target = new DaemonProcess("beta", directory);
        target.launch(target.header() + "journal_limit = \"2GiB\"\njournal_reserve = \"1MiB\"\nwindow = \"4MiB\"\n" +
            "[listen]\naddresses = [\"127.0.0.1:" + port + "\"]\ninsecure = true\n" +
            "[[replica]]\npeer = \"alpha\"\ngroup = \"" + GuestDaemon.GROUP + "\"\nvolume = \"" + GuestDaemon.VOLUME +
            "\"\ndevice = \"" + replica + "\"\n");
        source = new DaemonProcess("delta", directory);
        source.launch(source.header() + "window = \"4MiB\"\n[[peer]]\nname = \"gamma\"\ninsecure = true\n" +
            "[[peer.path]]\nname = \"line\"\nremote = \"127.0.0.1:" + vm.dataPort() + "\"\n" +
            "[[group]]\nname = \"" + GuestDaemon.GROUP + "\"\npeer = \"gamma\"\n" +
            "[[group.volume]]\nname = \"" + GuestDaemon.VOLUME + "\"\ndevice = \"" + image + "\"\n" +
            "tracking = \"scan\"\n");
        target.awaitAnswer();
        source.awaitAnswer();
        guestSource.mountState();
        start(guestTarget);
        sealOutside();
        vm.run("killall -9 java; while pidof java; do sleep 0.1; done", 10);
        start(guestSource);
        told = guestSource.sealed();
    }

    private String cutSource(final String what, final boolean changed) throws Exception
    {
        if (changed)
        {
            change(guestSource);
            told = guestSource.sealed();
        }
        files.startWriting();
        for (int i = 0; i < EPOCHS_UNDER_LOAD; i++)
        {
            told = guestSource.sealed();
        }
        final CompletableFuture<EpochResult> last = guestSource.epoch();
        passPartOfAnEpoch(told);
        final String lost = cutAndBoot(what);
        // its connection went with the guest; but it may have been told before
        final EpochResult heard = last.handle((result, failure) -> result).join();
        told = heard != null && heard.sealed() ? heard : told;

        final ReplicaStatus kept = target.status().target().replicas().get(0);
        assertThat(kept.sealedEpoch()).as("%s: sealed outside", what).isGreaterThanOrEqualTo(told.epoch());
        start(guestSource);
        final EpochResult next = guestSource.sealed();
        assertThat(next.epoch()).as("%s: goes on from there", what).isGreaterThan(kept.sealedEpoch());
        assertThat(digest(replica)).as("%s: the replica and the volume", what).isEqualTo(guestDigest(VOLUME));
        return lost + " start_s=" + startSeconds + " told=" + told.epoch() + " kept=" + kept.sealedEpoch() + " next=" +
            next.epoch();
    }

    private String cutTarget(final String what, final boolean changed) throws Exception
    {
        if (changed)
        {
            change(guestTarget);
            sealOutside();
        }
        files.startWriting();
        for (int i = 0; i < EPOCHS_UNDER_LOAD; i++)
        {
            sealOutside();
        }
        final long asked = toldOutside.epoch() + 1;
        Images.change(image, CHANGES, LONGEST_CHANGE, random);
        final String underWay = digest(image);
        final CompletableFuture<EpochResult> last = source.epoch(GuestDaemon.GROUP);
        passPartOfAnEpoch(toldOutside);
        // what it was told until now it was told; what the guest says next it hears after we have looked
        signal("STOP");
        final String lost = cutAndBoot(what);
        final boolean heard = last.isDone() && last.join().sealed();

        start(guestTarget);
        Vm.await("what is sealed is applied", 60,
            () -> replicaInside().appliedEpoch() == replicaInside().sealedEpoch());
        final ReplicaStatus kept = replicaInside();
        assertThat(kept.sealedEpoch()).as("%s: sealed inside", what).isBetween(heard ? asked : asked - 1, asked);
        assertThat(guestDigest(REPLICA)).as("%s: the replica, at epoch %d", what, kept.sealedEpoch())
            .isEqualTo(kept.sealedEpoch() == asked ? underWay : toldDigest);
        signal("CONT");
        final EpochResult ended = last.get(EPOCH_SECONDS, TimeUnit.SECONDS);
        sealOutside();
        return lost + " start_s=" + startSeconds + " told=" + (heard ? asked : asked - 1) +
            " kept=" + kept.sealedEpoch() + " under_way=" +
            (ended.sealed() ? "sealed" : "\"" + ended.reason() + "\"") + " next=" + toldOutside.epoch();
    }

    /** The power goes and comes; returns what that took, when file systems are whole and what was synced is there. */
    private String cutAndBoot(final String what) throws IOException
    {
        final long beganNs = System.nanoTime();
        loadSeconds = (beganNs - roundBeganNs) / 1_000_000_000;
        final int[] now = new int[4];
        for (final CutReport report : vm.cut(random.nextLong()))
        {
            final int[] these = {report.kept(), report.dropped(), report.torn(), report.reordered()};
            for (int i = 0; i < now.length; i++)
            {
                now[i] += these[i];
                fates[i] += these[i];
            }
        }
        vm.boot();
        GuestFiles.recover(vm, GuestDaemon.STATE_DISK);
        GuestFiles.recover(vm, VOLUME);
        final int synced = files.check(what);
        guestSource.mountState();
        return String.format("load_s=%d boot_ms=%d checked_s=%d kept=%d dropped=%d torn=%d reordered=%d " +
            "synced_files=%d", loadSeconds, vm.bootMs(), (System.nanoTime() - beganNs) / 1_000_000_000, now[0], now[1],
            now[2], now[3], synced);
    }

    /** The other side's turn. */
    private void change(final GuestDaemon daemon) throws IOException
    {
        vm.run("killall -9 java; while pidof java; do sleep 0.1; done", 10);
        start(daemon);
    }

    private void start(final GuestDaemon daemon) throws IOException
    {
        final long beganNs = System.nanoTime();
        daemon.configure();
        daemon.start();
        startSeconds = (System.nanoTime() - beganNs) / 1_000_000_000;
    }

    /** Changes what the source outside sends, and has it sealed inside; both are equal then. */
    private void sealOutside() throws Exception
    {
        Images.change(image, CHANGES, LONGEST_CHANGE, random);
        final EpochResult result = source.epoch(GuestDaemon.GROUP).get(EPOCH_SECONDS, TimeUnit.SECONDS);
        assertThat(result.sealed()).as("not sealed: %s%n%s%n%s", result.reason(), source.log(), guestTarget.log())
            .isTrue();
        toldOutside = result;
        toldDigest = digest(image);
    }

    /** To somewhere in it, or a little after: what takes long depends on how busy this machine is. */
    private void passPartOfAnEpoch(final EpochResult before)
    {
        final long lengthMs = TimeUnit.NANOSECONDS.toMillis(before.elapsedNs());
        Deadline.pass(random.nextInt((int)Math.min(LATEST_CUT_MS, lengthMs * 3 / 2) + 1));
    }

    private ReplicaStatus replicaInside() throws ControlException
    {
        return guestTarget.status().target().replicas().get(0);
    }

    private void signal(final String name) throws IOException
    {
        LoopDevice.run(List.of("kill", "-" + name, Long.toString(source.pid())));
    }

    private String guestDigest(final String device) throws IOException
    {
        return vm.run("dd if=" + device + " bs=1M iflag=direct status=none | md5sum | cut -c-32");
    }

    private static String digest(final Path file) throws IOException, NoSuchAlgorithmException
    {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
    }
}
