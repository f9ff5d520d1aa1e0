package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.bpf.Assembler.R0;

/** A program that does nothing: in the place of one that the kernel skips, or for what calling one costs. */
final class EmptyProgram
{
    private EmptyProgram()
    {
    }

    static BpfProgram load(final BlockEvent event) throws BpfException
    {
        final Assembler asm = new Assembler();
        asm.moveImmediate(R0, 0);
        asm.exit();
        return BpfProgram.load("fb_empty", asm.assemble(), Btf.ofKernel().tracepoint(event.tracepoint()));
    }
}
