package io.farblock.daemon.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An array's life, and what we call it at each station, beside what mdadm and sysfs say at the same time. One process
 * looks on from before the creation to the end, woken by the kernel alone.
 */
@Tag("vm")
@Timeout(600)
class ArrayStateOnMdTest
{
    private static final long ARRAY_BYTES = 64 << 20;
    private static final String WATCHED = "/run/watched";
    private static final long SHOWN_SECONDS = 120;

    @TempDir
    private Path directory;
    private Vm vm;
    private GuestArray array;
    private MdLevel level;

    @AfterEach
    void switchOff() throws IOException
    {
        if (vm != null)
        {
            vm.close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.farblock.daemon.vm.MdLevel#asked")
    void shouldCallEachStationByItsName(final MdLevel asked) throws IOException
    {
        level = asked;
        boot();
        follow();

        build();
        loseAndReplaceAMember();
        checkAndFreeze();
        loseTooMany();

        vm.run("mdadm --stop " + GuestArray.DEVICE);
        shown("GONE");
        System.out.printf("vm states level=%s%n%s%n", level, vm.run("cat " + WATCHED));
    }

    private void build() throws IOException
    {
        sync("slow");
        array.create("--bitmap=internal");
        // mdadm makes a new RAID 5 by rebuilding its last member, the others by making all members equal
        shown(level == MdLevel.RAID5 ? "REBUILDING" : "BUILDING", level == MdLevel.RAID5 ? "recover" : "resync");
        sync("fast");
        array.awaitSynced();
        shown("CLEAN", "clean");
        vm.run("(while [ ! -e /run/enough ]; do dd if=/dev/zero of=/dev/md0 bs=64k count=8 oflag=direct; done) " +
            "2>/dev/null >/dev/null &");
        shown("ACTIVE", "active");
        vm.run("touch /run/enough");
        shown("CLEAN", "clean");
    }

    private void loseAndReplaceAMember() throws IOException
    {
        vm.run("mdadm /dev/md0 --fail " + array.member(0));
        shown("DEGRADED", "degraded");
        sync("slow");
        vm.run("mdadm /dev/md0 --remove " + array.member(0) + "; mdadm --zero-superblock " + array.member(0) +
            "; mdadm /dev/md0 --add " + array.member(0));
        shown("REBUILDING", "recovering");
        sync("fast");
        array.awaitSynced();
        shown("CLEAN", "clean");
    }

    private void checkAndFreeze() throws IOException
    {
        sync("slow");
        array.set("sync_action", "check");
        shown("CHECKING", "check");
        array.set("sync_action", "idle");
        shown("CLEAN", "clean");
        sync("fast");
        vm.run("mdadm --readonly /dev/md0");
        shown("READ_ONLY", "readonly");
        vm.run("mdadm --readwrite /dev/md0");
        shown("CLEAN", "clean");
    }

    private void loseTooMany() throws IOException
    {
        for (int i = 0; i <= level.spareMembers(); i++)
        {
            // md refuses to count the last copy of a RAID 1 or 10 as lost, and mdadm says so; the state tells anyway
            vm.run("mdadm /dev/md0 --fail " + array.member(i) + " || true");
        }
        shown("FAILED");
    }

    private void boot() throws IOException
    {
        VmTools.require();
        vm = new Vm(VmKernel.find(), directory);
        for (int i = 0; i < level.members(); i++)
        {
            vm.addPlainDisk(level.memberBytes(ARRAY_BYTES));
        }
        vm.boot();
        array = new GuestArray(vm, level, 0);
    }

    private void follow() throws IOException
    {
        vm.run("setsid " + GuestJava.command(GuestJava.COMMAND, "io.farblock.blockdev.raid.ArrayWatchProbe", "md0",
            "/run/end") + " >" + WATCHED + " 2>&1 &");
        shown("GONE");
    }

    private void sync(final String speed) throws IOException
    {
        vm.run("echo " + (speed.equals("slow") ? "1 100" : "1000000 1000000") + " | { read low high; " +
            "echo $low >/proc/sys/dev/raid/speed_limit_min; echo $high >/proc/sys/dev/raid/speed_limit_max; }");
    }

    /** Waits until the one who looks on calls it that, and until what mdadm and sysfs say holds the words. */
    private void shown(final String state, final String... words)
    {
        Vm.await(state + " is shown", SHOWN_SECONDS, () ->
        {
            final String last = vm.run("tail -n 1 " + WATCHED);
            final String truth = words.length == 0 ? "" : vm.run("mdadm --detail /dev/md0 | grep 'State :'; cat " +
                "/sys/block/md0/md/array_state /sys/block/md0/md/sync_action");
            return last.startsWith(state + " |") && List.of(words).stream().allMatch(truth::contains);
        });
    }
}
