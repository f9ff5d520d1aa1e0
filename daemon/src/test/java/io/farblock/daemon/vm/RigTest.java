package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rig itself: without these two properties every other test of the suite would prove nothing. */
@Tag("vm")
@Timeout(300)
class RigTest
{
    private static final String READ = "dd if=/dev/vda bs=4096 count=1 skip=%d iflag=direct status=none | tr -d '\\0'";
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
        vm.addVolatileDisk(8 << 20);
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
    void shouldLoseAtACutExactlyWhatWasNotFlushed() throws IOException
    {
        vm.run(WRITE.formatted("old", 0, "") + "; " + WRITE.formatted("flushed", 9, ",fsync"));
        vm.run(WRITE.formatted("new", 0, "") + "; " + WRITE.formatted("unflushed", 5, ""));
        assertThat(vm.run(READ.formatted(0))).startsWith("new");
        assertThat(vm.run(READ.formatted(5))).startsWith("unflushed");

        vm.cut();
        vm.boot();

        assertThat(vm.run(READ.formatted(0))).startsWith("old");
        assertThat(vm.run(READ.formatted(5))).isEmpty();
        assertThat(vm.run(READ.formatted(9))).startsWith("flushed");
    }
}
