package io.farblock.blockdev.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Instructions against their encoding in the kernel's document; jumps in both directions. */
class AssemblerTest
{
    private final Assembler asm = new Assembler();

    @Test
    void shouldEncodeInstructions()
    {
        asm.load(8, Assembler.R6, Assembler.R1, 16);
        asm.store(4, Assembler.FP, -4, Assembler.R7);
        asm.moveImmediate(Assembler.R0, -1);
        asm.orFetch(Assembler.R0, 0, Assembler.R1);
        asm.loadMap(Assembler.R1, 42);
        asm.call(Assembler.UPDATE);
        asm.exit();

        final ByteBuffer program = asm.assemble();

        assertThat(hex(program)).containsExactly("7916100000000000", "637afcff00000000", "b7000000ffffffff",
            "db10000041000000", "181100002a000000", "0000000000000000", "8500000002000000", "9500000000000000");
    }

    @Test
    void shouldAimJumpsAtLabels()
    {
        final Assembler.Label start = asm.label();
        final Assembler.Label end = asm.label();
        asm.place(start);
        asm.jumpImmediate(Assembler.If.EQUAL, Assembler.R1, 7, end);
        asm.jump(Assembler.If.ABOVE, Assembler.R2, Assembler.R3, start);
        asm.jump(end);
        asm.place(end);
        asm.exit();

        final ByteBuffer program = asm.assemble();

        assertThat(hex(program)).containsExactly("1501020007000000", "2d32feff00000000", "0500000000000000",
            "9500000000000000");
    }

    @Test
    void shouldRefuseAJumpToNowhereAndAFieldOfAnOddSize()
    {
        asm.jump(asm.label());

        assertThatThrownBy(asm::assemble).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> asm.load(3, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String[] hex(final ByteBuffer program)
    {
        final String[] hex = new String[program.capacity() / 8];
        for (int i = 0; i < hex.length; i++)
        {
            hex[i] = String.format("%016x", Long.reverseBytes(program.getLong(i * 8)));
        }
        return hex;
    }
}
