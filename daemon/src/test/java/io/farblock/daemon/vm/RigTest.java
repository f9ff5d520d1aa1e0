package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.CutReport;
import io.farblock.powersim.VolatileSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rig itself: without these properties every other test of the suite would prove nothing. */
@Tag("vm")
@Timeout(300)
class RigTest
{
    private static final String READ = "dd if=/dev/vda bs=4096 count=1 skip=%d iflag=direct status=none | tr -d '\\0'";
    private static final long SEED = 7;
    /** 64 blocks, each written by itself. */
    private static final String UNFLUSHED = "for i in $(seq 64); do printf '%-4096s' unflushed; done | " +
        "dd of=/dev/vda bs=4096 seek=16 count=64 iflag=fullblock oflag=direct conv=notrunc status=none";
    /** What kinds of blocks there are where those were written. */
    private static final String STATES = "for i in $(seq 16 79); do dd if=/dev/vda bs=4096 count=1 skip=$i " +
        "iflag=direct status=none | tr -d '\\0 '; echo; done | sort | uniq -c | sed 's/^ *//;s/ *$//'";
    private static final String WRITE = "printf '%%-4096s' %s | dd of=/dev/vda bs=4096 seek=%d iflag=fullblock " +
        "oflag=direct conv=notrunc%s status=none";

    @TempDir
    private Path directory;
    private VmKernel kernel;
    private Vm vm;

    @BeforeEach
    void boot() throws IOException
    {
        VmTools.require();
        kernel = VmKernel.find();
        vm = new Vm(kernel, directory);
        vm.addVolatileDisk(8 << 20, VolatileSetup.plain().withUnitBytes(VolatileSetup.GRANULE_BYTES));
        vm.addWriteThroughDisk(8 << 20);
        vm.boot();
    }

    @AfterEach
    void switchOff() throws IOException
    {
        if (vm != null)
        {
            vm.close();
        }
    }

    @Test
    void shouldBootThePackagedKernelSoon() throws IOException
    {
        final String release = vm.run("uname -r");

        System.out.printf("vm kernel=%s boot_ms=%d%n", release, vm.bootMs());
        assertThat(release).isEqualTo(kernel.release());
        assertThat(vm.run("ls -d /sys/kernel/btf/vmlinux /sys/module/raid456 /sys/module/raid1 /sys/module/raid10"))
            .contains("vmlinux", "raid456", "raid1", "raid10");
        assertThat(vm.bootMs()).isLessThan(60_000);
    }

    @Test
    void shouldDecideAtACutAboutExactlyWhatWasNotFlushed() throws IOException
    {
        vm.run(WRITE.formatted("old", 0, "") + "; " + WRITE.formatted("flushed", 9, ",fsync"));
        vm.run(WRITE.formatted("new", 0, "") + "; " + UNFLUSHED);
        assertThat(vm.run(READ.formatted(0))).startsWith("new");
        assertThat(vm.run(STATES)).isEqualTo("64 unflushed");

        final List<CutReport> reports = vm.cut(SEED);
        vm.boot();

        assertThat(vm.run(READ.formatted(9))).startsWith("flushed");
        assertThat(vm.run(READ.formatted(0))).matches("(old|new) *");
        assertThat(reports.get(0).decided()).isEqualTo(65);
        assertThat(List.of(reports.get(0).kept(), reports.get(0).dropped(), reports.get(0).torn()))
            .allMatch(count -> count > 5);
        // of units as large as the writes none is torn, and what is there is the one or the other
        assertThat(vm.run(STATES).split("\n")).hasSize(2).anyMatch(line -> line.matches("\\d+ unflushed"));
    }

    @Test
    void shouldKeepWhatWasWrittenThroughWithoutAFlush() throws IOException
    {
        vm.run(WRITE.formatted("through", 0, "").replace("vda", "vdb"));
        assertThat(vm.run("cat /sys/block/vdb/queue/write_cache")).isEqualTo("write through");

        final List<CutReport> reports = vm.cut(SEED);
        vm.boot();

        assertThat(reports.get(1).decided()).isZero();
        assertThat(vm.run(READ.formatted(0).replace("vda", "vdb"))).startsWith("through");
    }
}
