package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernel marks what is written to an md array: direct, buffered and discarding writers at once, harvested all the
 * time; a copy made only from harvests must equal the array.
 */
@Tag("vm")
@Timeout(600)
class TrackingOnMdTest
{
    private static final long ARRAY_BYTES = 64 << 20;
    private static final int ROUNDS = 3;

    @TempDir
    private Path directory;
    private Vm vm;

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
    void shouldMissNothing(final MdLevel level) throws IOException
    {
        VmTools.require();
        vm = new Vm(VmKernel.find(), directory);
        for (int i = 0; i < level.members(); i++)
        {
            vm.addPlainDisk(level.memberBytes(ARRAY_BYTES));
        }
        vm.boot();
        final GuestArray array = new GuestArray(vm, level, 0);
        array.create("--bitmap=internal");

        final long beganNs = System.nanoTime();
        final String said = vm.run(GuestJava.command(GuestJava.DAEMON, "io.farblock.blockdev.bpf.TrackingProbe",
            GuestArray.DEVICE, Integer.toString(ROUNDS)), 300);

        System.out.printf("vm tracking level=%s seconds=%d %s%n", level,
            (System.nanoTime() - beganNs) / 1_000_000_000, said);
        assertThat(said).contains("/dev/md0: nothing missed in");
    }
}
