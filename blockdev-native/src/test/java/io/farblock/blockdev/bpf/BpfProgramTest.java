package io.farblock.blockdev.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.blockdev.Errno;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the kernel says about programs that it refuses. Needs root and BPF. */
class BpfProgramTest
{
    @Test
    void shouldCarryTheVerifiersLogWhenAProgramIsRefused() throws IOException
    {
        final Assembler asm = new Assembler();
        asm.load(8, Assembler.R0, Assembler.R9, 0);
        asm.exit();

        try (TestBpfFileSystem bpffs = TestBpfFileSystem.mount())
        {
            final int tracepoint = Btf.ofKernel().tracepoint(BlockEvent.ISSUE.tracepoint());
            final BpfException refused = catchThrowableOfType(BpfException.class,
                () -> BpfProgram.load("fb_wrong", asm.assemble(), tracepoint));

            assertThat(refused.errno()).isEqualTo(Errno.EACCES);
            assertThat(refused.log()).contains("R9 !read_ok");
            assertThat(refused).hasMessageContaining("cannot load the program fb_wrong").hasMessageContaining("R9");
            assertThat(bpffs.mountPoint()).isNotNull();
        }
    }
}
