package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.bpf.Assembler.FP;
import static io.farblock.blockdev.bpf.Assembler.LOOKUP;
import static io.farblock.blockdev.bpf.Assembler.R0;
import static io.farblock.blockdev.bpf.Assembler.R1;
import static io.farblock.blockdev.bpf.Assembler.R2;
import static io.farblock.blockdev.bpf.Assembler.R3;
import static io.farblock.blockdev.bpf.Assembler.R6;
import static io.farblock.blockdev.bpf.Assembler.R7;
import static io.farblock.blockdev.bpf.Assembler.R8;
import static io.farblock.blockdev.bpf.Assembler.R9;

import io.farblock.blockdev.bpf.Assembler.If;
import io.farblock.blockdev.bpf.Assembler.Label;

/**
 * Writes the part of a program that marks a range of sectors in the map of every volume on the disk that it touches.
 * R6 is the volume's window, R9 its map, R7 and R8 are first and last bit in the level at hand. One thread, used once.
 *
 * <p>A mark is set with an atomic or that is fully ordered; only after it is the summary looked at. So either this
 * program sees that a harvest has cleared the summary and sets it again, or that harvest, which reads after it has
 * cleared, sees the mark.
 */
final class MarkProgram
{
    /** 64 words of "top" are 64 GiB: far beyond one request, whose length has 32 bits. */
    private static final int MAX_TOP_WORDS = 64;

    private final Assembler asm;
    private final int volumesFd;
    private final Label nextVolume;

    MarkProgram(final Assembler asm, final int volumesFd)
    {
        this.asm = asm;
        this.volumesFd = volumesFd;
        this.nextVolume = asm.label();
    }

    void write()
    {
        final Label loop = asm.label();
        final Label end = asm.label();
        asm.moveImmediate(R1, 0);
        asm.store(8, FP, Frame.VISITED, R1);
        asm.load(8, R6, FP, Frame.WINDOWS);
        asm.place(loop);
        openVolume(end);
        clampToWindow();
        markFine();
        asm.place(nextVolume);
        asm.addImmediate(R6, VolumeWindow.BYTES);
        asm.load(8, R1, FP, Frame.VISITED);
        asm.addImmediate(R1, 1);
        asm.store(8, FP, Frame.VISITED, R1);
        asm.jumpImmediate(If.BELOW, R1, VolumeWindow.PER_DISK, loop);
        asm.place(end);
    }

    /** R9 becomes the volume's map; counts what has no range. */
    private void openVolume(final Label end)
    {
        asm.load(4, R1, R6, VolumeWindow.SLOT_FROM_ONE);
        asm.jumpImmediate(If.EQUAL, R1, 0, end);
        asm.addImmediate(R1, -1);
        asm.store(4, FP, Frame.INDEX, R1);
        asm.loadMap(R1, volumesFd);
        lookupIndex();
        asm.jumpImmediate(If.EQUAL, R0, 0, nextVolume);
        asm.move(R9, R0);
        final Label ours = asm.label();
        asm.load(8, R1, FP, Frame.FOREIGN);
        asm.jumpImmediate(If.EQUAL, R1, 0, ours);
        count(Header.FOREIGN);
        asm.jump(nextVolume);
        asm.place(ours);
    }

    /** R7 and R8 become the first and last granule of the volume that are touched; leaves if there is none. */
    private void clampToWindow()
    {
        final Label inRange = asm.label();
        final Label afterBegin = asm.label();
        final Label beforeEnd = asm.label();
        final Label inTable = asm.label();
        asm.load(8, R7, FP, Frame.FIRST);
        asm.load(8, R8, FP, Frame.LAST);
        asm.load(8, R1, R6, VolumeWindow.DISK_LAST);
        asm.jump(If.AT_MOST, R8, R1, inRange);
        count(Header.OUT_OF_RANGE);
        asm.place(inRange);
        asm.load(8, R1, R6, VolumeWindow.FIRST);
        asm.load(8, R2, R6, VolumeWindow.LAST);
        asm.jump(If.BELOW, R8, R1, nextVolume);
        asm.jump(If.ABOVE, R7, R2, nextVolume);
        asm.jump(If.AT_LEAST, R7, R1, afterBegin);
        asm.move(R7, R1);
        asm.place(afterBegin);
        asm.jump(If.AT_MOST, R8, R2, beforeEnd);
        asm.move(R8, R2);
        asm.place(beforeEnd);
        asm.subtract(R7, R1);
        asm.subtract(R8, R1);
        asm.shiftRightImmediate(R7, 3);
        asm.shiftRightImmediate(R8, 3);
        asm.load(8, R1, FP, Frame.NOT_IN_TABLE);
        asm.jumpImmediate(If.EQUAL, R1, 0, inTable);
        count(Header.TABLE_FULL);
        asm.place(inTable);
    }

    private void markFine()
    {
        edges(VolumeWindow.FINE, 6);
        edges(VolumeWindow.COARSE, 0);
        edges(VolumeWindow.TOP, -1);
        // what lies between the edges in the last level, word by word: 1 GiB each
        final Label loop = asm.label();
        asm.moveImmediate(R1, -1);
        asm.store(8, FP, Frame.FIRST_MASK, R1);
        asm.moveImmediate(R1, 0);
        asm.store(8, FP, Frame.LAST_MASK, R1);
        asm.place(loop);
        or(VolumeWindow.TOP, R7, Frame.FIRST_MASK, -1);
        asm.addImmediate(R7, 1);
        asm.jump(If.ABOVE, R7, R8, nextVolume);
        asm.load(8, R1, FP, Frame.LAST_MASK);
        asm.addImmediate(R1, 1);
        asm.store(8, FP, Frame.LAST_MASK, R1);
        asm.jumpImmediate(If.BELOW, R1, MAX_TOP_WORDS, loop);
        count(Header.EVERYTHING);
    }

    /** Marks the first and last word of bits R7 to R8; goes on with what is between them as bits of the next level. */
    private void edges(final int level, final int groupShift)
    {
        final Label several = asm.label();
        asm.move(R1, R7);
        asm.andImmediate(R1, 63);
        asm.moveImmediate(R2, -1);
        asm.shiftLeft(R2, R1);
        asm.store(8, FP, Frame.FIRST_MASK, R2);
        asm.move(R1, R8);
        asm.andImmediate(R1, 63);
        asm.moveImmediate(R3, 63);
        asm.subtract(R3, R1);
        asm.moveImmediate(R1, -1);
        asm.shiftRight(R1, R3);
        asm.store(8, FP, Frame.LAST_MASK, R1);
        asm.shiftRightImmediate(R7, 6);
        asm.shiftRightImmediate(R8, 6);
        asm.jump(If.NOT_EQUAL, R7, R8, several);
        asm.and(R1, R2);
        asm.store(8, FP, Frame.FIRST_MASK, R1);
        or(level, R7, Frame.FIRST_MASK, groupShift);
        asm.jump(nextVolume);
        asm.place(several);
        or(level, R7, Frame.FIRST_MASK, groupShift);
        or(level, R8, Frame.LAST_MASK, groupShift);
        asm.addImmediate(R7, 1);
        asm.addImmediate(R8, -1);
        asm.jump(If.ABOVE, R7, R8, nextVolume);
    }

    /** Ors a mask of the frame into a word of a level, then makes sure that the summary tells of it. */
    private void or(final int level, final int word, final int mask, final int groupShift)
    {
        asm.load(4, R1, R6, level);
        asm.add(R1, word);
        asm.store(4, FP, Frame.INDEX, R1);
        final Label there = asm.label();
        final Label done = asm.label();
        asm.move(R1, R9);
        lookupIndex();
        asm.jumpImmediate(If.NOT_EQUAL, R0, 0, there);
        count(Header.OUT_OF_RANGE);
        asm.jump(nextVolume);
        asm.place(there);
        asm.load(8, R1, FP, mask);
        // with fetch, since only then it is ordered before the look at the summary below, and after the table
        asm.orFetch(R0, 0, R1);
        if (groupShift >= 0)
        {
            summarize(word, groupShift, done);
        }
        asm.place(done);
    }

    private void summarize(final int word, final int groupShift, final Label done)
    {
        asm.move(R1, word);
        asm.shiftRightImmediate(R1, groupShift + 6);
        asm.addImmediate(R1, DirtyLayout.SUMMARY);
        asm.store(4, FP, Frame.INDEX, R1);
        asm.move(R1, R9);
        lookupIndex();
        asm.jumpImmediate(If.EQUAL, R0, 0, nextVolume);
        asm.move(R1, word);
        if (groupShift > 0)
        {
            asm.shiftRightImmediate(R1, groupShift);
        }
        asm.andImmediate(R1, 63);
        asm.moveImmediate(R2, 1);
        asm.shiftLeft(R2, R1);
        asm.load(8, R1, R0, 0);
        asm.and(R1, R2);
        asm.jumpImmediate(If.NOT_EQUAL, R1, 0, done);
        asm.orFetch(R0, 0, R2);
    }

    /** Adds 1 to a counter in the header of the volume's map. */
    private void count(final int counter)
    {
        final Label none = asm.label();
        asm.moveImmediate(R1, counter);
        asm.store(4, FP, Frame.INDEX, R1);
        asm.move(R1, R9);
        lookupIndex();
        asm.jumpImmediate(If.EQUAL, R0, 0, none);
        asm.moveImmediate(R1, 1);
        asm.addAtomically(R0, 0, R1);
        asm.place(none);
    }

    /** Looks up the index of the frame in the map of R1. */
    private void lookupIndex()
    {
        asm.move(R2, FP);
        asm.addImmediate(R2, Frame.INDEX);
        asm.call(LOOKUP);
    }
}
