package io.farblock.blockdev.bpf;

import io.farblock.blockdev.AlignedBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes eBPF instructions, each eight bytes, and fills in the distance of jumps to labels when they are placed.
 *
 * <pre>
 *   bit 0      8     12    16            32                    64
 *       | code | dst | src | offset      | immediate           |
 * </pre>
 *
 * Used by one thread, once. A label that was not placed, or a jump that is too far, is a programming error and
 * throws; everything else is for the kernel's verifier to judge. Source of the codes: the kernel's instruction set
 * document, revision 1.0.
 */
final class Assembler
{
    static final int R0 = 0;
    static final int R1 = 1;
    static final int R2 = 2;
    static final int R3 = 3;
    static final int R4 = 4;
    static final int R6 = 6;
    static final int R7 = 7;
    static final int R8 = 8;
    static final int R9 = 9;
    /** The frame: the end of 512 bytes of stack, addressed with negative offsets. */
    static final int FP = 10;

    static final int LOOKUP = 1;
    static final int UPDATE = 2;
    static final int DELETE = 3;

    private static final int PSEUDO_MAP_FD = 1;
    private static final int FROM_REGISTER = 0x08;

    private final List<Label> labels = new ArrayList<>();
    private long[] code = new long[256];
    private int size;

    /** A place in the program. It belongs to one assembler; a label that nothing jumps to does no harm. */
    static final class Label
    {
        private final List<Integer> jumps = new ArrayList<>();
        private int position = -1;
    }

    /** When a conditional jump is taken; all compare 64 bits, unsigned. */
    enum If
    {
        EQUAL(0x15), NOT_EQUAL(0x55), ABOVE(0x25), AT_LEAST(0x35), BELOW(0xa5), AT_MOST(0xb5);

        private final int code;

        If(final int code)
        {
            this.code = code;
        }
    }

    Label label()
    {
        final Label label = new Label();
        labels.add(label);
        return label;
    }

    void place(final Label label)
    {
        if (label.position >= 0)
        {
            throw new IllegalStateException("label placed twice, at " + label.position + " and " + size);
        }
        label.position = size;
    }

    void move(final int to, final int from)
    {
        emit(0xbf, to, from, 0, 0);
    }

    void moveImmediate(final int to, final int value)
    {
        emit(0xb7, to, 0, 0, value);
    }

    void add(final int to, final int from)
    {
        emit(0x0f, to, from, 0, 0);
    }

    void addImmediate(final int to, final int value)
    {
        emit(0x07, to, 0, 0, value);
    }

    void subtract(final int to, final int from)
    {
        emit(0x1f, to, from, 0, 0);
    }

    void and(final int to, final int from)
    {
        emit(0x5f, to, from, 0, 0);
    }

    void andImmediate(final int to, final int value)
    {
        emit(0x57, to, 0, 0, value);
    }

    void shiftLeft(final int to, final int from)
    {
        emit(0x6f, to, from, 0, 0);
    }

    void shiftRight(final int to, final int from)
    {
        emit(0x7f, to, from, 0, 0);
    }

    void shiftLeftImmediate(final int to, final int bits)
    {
        emit(0x67, to, 0, 0, bits);
    }

    void shiftRightImmediate(final int to, final int bits)
    {
        emit(0x77, to, 0, 0, bits);
    }

    void load(final int sizeBytes, final int to, final int base, final int offset)
    {
        emit(0x61 | sizeCode(sizeBytes), to, base, offset, 0);
    }

    void store(final int sizeBytes, final int base, final int offset, final int from)
    {
        emit(0x63 | sizeCode(sizeBytes), base, from, offset, 0);
    }

    /** Ors a register into a word of memory, fully ordered on every architecture; the register gets the old word. */
    void orFetch(final int base, final int offset, final int from)
    {
        emit(0xdb, base, from, offset, 0x41);
    }

    void addAtomically(final int base, final int offset, final int from)
    {
        emit(0xdb, base, from, offset, 0);
    }

    void loadMap(final int to, final int mapFd)
    {
        emit(0x18, to, PSEUDO_MAP_FD, 0, mapFd);
        emit(0, 0, 0, 0, 0);
    }

    void call(final int function)
    {
        emit(0x85, 0, 0, 0, function);
    }

    void exit()
    {
        emit(0x95, 0, 0, 0, 0);
    }

    void jump(final Label to)
    {
        to.jumps.add(size);
        emit(0x05, 0, 0, 0, 0);
    }

    void jump(final If condition, final int left, final int right, final Label to)
    {
        to.jumps.add(size);
        emit(condition.code | FROM_REGISTER, left, right, 0, 0);
    }

    void jumpImmediate(final If condition, final int left, final int value, final Label to)
    {
        to.jumps.add(size);
        emit(condition.code, left, 0, 0, value);
    }

    /** The finished program, in memory whose address may be given to the kernel. */
    ByteBuffer assemble()
    {
        for (final Label label : labels)
        {
            label.jumps.forEach((jump) -> aim(jump, label.position));
        }
        final ByteBuffer program = AlignedBuffers.allocate(size * 8);
        for (int i = 0; i < size; i++)
        {
            program.putLong(i * 8, code[i]);
        }
        return program;
    }

    private void aim(final int jump, final int position)
    {
        final int distance = position - jump - 1;
        if (position < 0 || distance != (short)distance)
        {
            throw new IllegalStateException("jump at " + jump + " to " + position + ", expected a placed label");
        }
        code[jump] |= (distance & 0xffffL) << 16;
    }

    private void emit(final int opcode, final int to, final int from, final int offset, final int immediate)
    {
        if (size == code.length)
        {
            code = Arrays.copyOf(code, size * 2);
        }
        code[size++] = opcode | (long)(to | from << 4) << 8 | (offset & 0xffffL) << 16 | (long)immediate << 32;
    }

    private static int sizeCode(final int sizeBytes)
    {
        return switch (sizeBytes)
        {
            case 8 -> 0x18;
            case 4 -> 0;
            case 2 -> 0x08;
            case 1 -> 0x10;
            default -> throw new IllegalArgumentException("found a field of " + sizeBytes +
                " bytes, expected 1, 2, 4 or 8");
        };
    }
}
