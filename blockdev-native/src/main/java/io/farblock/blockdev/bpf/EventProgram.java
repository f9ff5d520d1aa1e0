package io.farblock.blockdev.bpf;

import static io.farblock.blockdev.bpf.Assembler.DELETE;
import static io.farblock.blockdev.bpf.Assembler.FP;
import static io.farblock.blockdev.bpf.Assembler.LOOKUP;
import static io.farblock.blockdev.bpf.Assembler.R0;
import static io.farblock.blockdev.bpf.Assembler.R1;
import static io.farblock.blockdev.bpf.Assembler.R2;
import static io.farblock.blockdev.bpf.Assembler.R3;
import static io.farblock.blockdev.bpf.Assembler.R4;
import static io.farblock.blockdev.bpf.Assembler.R6;
import static io.farblock.blockdev.bpf.Assembler.R7;
import static io.farblock.blockdev.bpf.Assembler.R8;
import static io.farblock.blockdev.bpf.Assembler.UPDATE;

import io.farblock.blockdev.bpf.Assembler.If;
import io.farblock.blockdev.bpf.Assembler.Label;
import io.farblock.blockdev.bpf.Btf.Field;
import java.nio.ByteBuffer;

/**
 * Writes the program for one event of the block layer. One thread, used once.
 *
 * <pre>
 *   begin   write? to a tracked disk? which sectors?   in the table already: out   enter the table   mark
 *   end     the same                                   in the table: leave it      else: mark
 * </pre>
 *
 * A write enters the table before it is marked, so that whoever clears the mark finds it in the table. As long as an
 * entry is there, each harvest puts the marks of its range back; so who finds one that covers the write has nothing to
 * mark, whether another copy has entered it just now or a write whose end nobody saw has left it.
 *
 * <p>Whatever cannot be tracked exactly is counted, never left out: pass-through commands, a full table, a range
 * outside of the device.
 */
final class EventProgram
{
    private static final int OP_DISCARD = 3;
    private static final int OP_ZONE_APPEND = 7;
    /** Above it come pass-through and zone commands, which change data without saying where. */
    private static final int OP_LAST_KNOWN = 9;
    /** What the block layer merges into one discard at most; they need not be neighbours. */
    private static final int MAX_DISCARDS = 256;

    private final BlockEvent event;
    private final int copy;
    private final Btf btf;
    private final KernelFields fields;
    private final TrackingMaps maps;
    private final Assembler asm = new Assembler();
    private final Label out = asm.label();

    EventProgram(final BlockEvent event, final int copy, final Btf btf, final TrackingMaps maps) throws BpfException
    {
        this.event = event;
        this.copy = copy;
        this.btf = btf;
        this.fields = KernelFields.of(btf, event.ofRequest());
        this.maps = maps;
    }

    ByteBuffer assemble() throws BpfException
    {
        findWrite();
        if (event.marks())
        {
            findDevice();
            findRange();
            if (copy > 0 || !event.begins())
            {
                leaveIfInTable();
            }
            call(LOOKUP, maps.disks(), Frame.DEVICE);
            asm.jumpImmediate(If.EQUAL, R0, 0, out);
            asm.store(8, FP, Frame.WINDOWS, R0);
            if (event.begins())
            {
                enterTable();
            }
            new MarkProgram(asm, maps.volumes().fd()).write();
        }
        if (!event.begins())
        {
            leaveTable();
        }
        asm.place(out);
        asm.moveImmediate(R0, 0);
        asm.exit();
        return asm.assemble();
    }

    /** R6 becomes the request or bio; leaves unless it is a write of some kind. */
    private void findWrite() throws BpfException
    {
        asm.load(8, R6, R1, 8 * btf.argument(event.tracepoint(), event.struct()));
        if (event == BlockEvent.COMPLETE)
        {
            // how many bytes of the request have ended
            asm.load(8, R8, R1, 8 * btf.lastArgument(event.tracepoint()));
        }
        load(R7, R6, fields.operation());
        asm.move(R2, R7);
        asm.andImmediate(R2, 1);
        asm.jumpImmediate(If.EQUAL, R2, 0, out);
        asm.andImmediate(R7, 0xff);
        asm.store(8, FP, Frame.WRITE, R6);
    }

    /** Leaves, mostly, unless the disk is tracked. */
    private void findDevice()
    {
        asm.move(R1, R6);
        for (final Field pointer : fields.toDisk())
        {
            load(R1, R1, pointer);
        }
        load(R2, R1, fields.major());
        asm.store(4, FP, Frame.DEVICE, R2);
        load(R3, R1, fields.firstMinor());
        asm.store(4, FP, Frame.DEVICE + 4, R3);
        asm.shiftLeftImmediate(R2, TrackingMaps.MAJOR_BITS);
        asm.add(R2, R3);
        asm.andImmediate(R2, TrackingMaps.BUCKETS - 1);
        asm.store(4, FP, Frame.INDEX, R2);
        call(LOOKUP, maps.filter(), Frame.INDEX);
        asm.jumpImmediate(If.EQUAL, R0, 0, out);
        asm.load(8, R1, R0, 0);
        asm.jumpImmediate(If.EQUAL, R1, 0, out);
    }

    /** First and last sector go to the frame; nothing to do for an empty flush. */
    private void findRange()
    {
        final Label known = asm.label();
        final Label end = asm.label();
        asm.moveImmediate(R1, 0);
        asm.store(8, FP, Frame.FOREIGN, R1);
        asm.store(8, FP, Frame.NOT_IN_TABLE, R1);
        asm.store(8, FP, Frame.FIRST, R1);
        asm.store(8, FP, Frame.LAST, R1);
        final Label foreign = asm.label();
        asm.jumpImmediate(If.ABOVE, R7, OP_LAST_KNOWN, foreign);
        if (!event.ofRequest())
        {
            // where it went is known to the zone alone, and the bio that comes back is not to be trusted
            asm.jumpImmediate(If.EQUAL, R7, OP_ZONE_APPEND, foreign);
        }
        asm.jump(known);
        asm.place(foreign);
        asm.moveImmediate(R1, 1);
        asm.store(8, FP, Frame.FOREIGN, R1);
        asm.jump(end);
        asm.place(known);
        if (event == BlockEvent.COMPLETE)
        {
            load(R1, R6, fields.lengthBytes());
            asm.store(8, FP, Frame.LENGTH, R1);
        }
        else
        {
            load(R8, R6, fields.lengthBytes());
        }
        asm.store(8, FP, Frame.ENDED, R8);
        asm.jumpImmediate(If.EQUAL, R8, 0, out);
        asm.move(R3, R7);
        load(R7, R6, fields.sector());
        asm.addImmediate(R8, 511);
        asm.shiftRightImmediate(R8, 9);
        asm.add(R8, R7);
        asm.addImmediate(R8, -1);
        if (event.ofRequest())
        {
            widenOverDiscards();
        }
        asm.store(8, FP, Frame.FIRST, R7);
        asm.store(8, FP, Frame.LAST, R8);
        asm.place(end);
    }

    /**
     * A request may carry many discards that are no neighbours, and its own sector and length then speak of a place
     * where nothing happens: so R7 to R8 becomes the hull of all its bios.
     */
    private void widenOverDiscards()
    {
        final Label next = asm.label();
        final Label highEnough = asm.label();
        final Label lowEnough = asm.label();
        final Label done = asm.label();
        asm.jumpImmediate(If.NOT_EQUAL, R3, OP_DISCARD, done);
        load(R1, R6, fields.bios());
        asm.moveImmediate(R4, MAX_DISCARDS);
        asm.place(next);
        asm.jumpImmediate(If.EQUAL, R1, 0, done);
        load(R2, R1, fields.bioSector());
        asm.jump(If.AT_LEAST, R2, R7, lowEnough);
        asm.move(R7, R2);
        asm.place(lowEnough);
        load(R3, R1, fields.bioLength());
        asm.shiftRightImmediate(R3, 9);
        asm.add(R2, R3);
        asm.addImmediate(R2, -1);
        asm.jump(If.AT_MOST, R2, R8, highEnough);
        asm.move(R8, R2);
        asm.place(highEnough);
        load(R1, R1, fields.nextBio());
        asm.addImmediate(R4, -1);
        asm.jumpImmediate(If.NOT_EQUAL, R4, 0, next);
        asm.jumpImmediate(If.EQUAL, R1, 0, done);
        // more than the block layer merges today: no hull is wide enough, so it is out of range and a gap
        asm.moveImmediate(R7, 0);
        moveLargest(R8);
        asm.place(done);
    }

    /**
     * The entry of a request is written to where it is, once there is one: requests are a fixed pool, and to find an
     * entry costs a tenth of making one. Bios come from anywhere, so theirs are made and removed.
     *
     * <p>Whoever reads the entry half written has cleared the marks before this write is marked, and so finds it
     * marked the next time.
     */
    private void enterTable()
    {
        final Label insert = asm.label();
        final Label entered = asm.label();
        asm.load(8, R1, FP, Frame.FOREIGN);
        asm.jumpImmediate(If.NOT_EQUAL, R1, 0, entered);
        asm.load(8, R1, FP, Frame.DEVICE);
        asm.store(8, FP, Frame.ENTRY, R1);
        if (event.ofRequest())
        {
            call(LOOKUP, maps.inFlight(), Frame.WRITE);
            asm.jumpImmediate(If.EQUAL, R0, 0, insert);
            for (int i = 0; i < TrackingMaps.ENTRY_BYTES; i += 8)
            {
                asm.load(8, R1, FP, Frame.ENTRY + i);
                asm.store(8, R0, i, R1);
            }
            asm.jump(entered);
            asm.place(insert);
        }
        asm.move(R3, FP);
        asm.addImmediate(R3, Frame.ENTRY);
        asm.moveImmediate(R4, 0);
        call(UPDATE, maps.inFlight(), Frame.WRITE);
        asm.store(8, FP, Frame.NOT_IN_TABLE, R0);
        asm.place(entered);
    }

    /** A begin has nothing to do if its write is in the table; an end, but to take it out when all of it has ended. */
    private void leaveIfInTable()
    {
        final Label absent = asm.label();
        asm.load(8, R1, FP, Frame.FOREIGN);
        asm.jumpImmediate(If.NOT_EQUAL, R1, 0, absent);
        call(LOOKUP, maps.inFlight(), Frame.WRITE);
        asm.jumpImmediate(If.EQUAL, R0, 0, absent);
        asm.load(8, R2, R0, TrackingMaps.ENTRY_FIRST);
        if (!event.begins() && copy > 0)
        {
            leaveIfEnded(absent);
        }
        asm.load(8, R1, FP, Frame.FIRST);
        asm.jump(If.ABOVE, R2, R1, absent);
        asm.load(8, R1, FP, Frame.LAST);
        asm.load(8, R2, R0, TrackingMaps.ENTRY_LAST);
        asm.jump(If.BELOW, R2, R1, absent);
        asm.load(8, R1, FP, Frame.DEVICE);
        asm.load(8, R2, R0, 0);
        asm.jump(If.NOT_EQUAL, R1, R2, absent);
        if (!event.begins())
        {
            leaveIfPart();
            setEnded();
        }
        asm.jump(out);
        asm.place(absent);
    }

    /**
     * The copy of an end that takes a write out of the table leaves behind how many copies are still to see this end,
     * and each of those counts itself. So one that finds zero knows that no copy before it has seen this end, nor any
     * copy the begin. R0 is the entry, R2 its first sector.
     */
    private void leaveIfEnded(final Label nobodySawIt)
    {
        final Label inFlight = asm.label();
        moveLargest(R1);
        asm.jump(If.AT_LEAST, R2, R1, nobodySawIt);
        asm.addImmediate(R1, 1 - event.copies());
        asm.jump(If.BELOW, R2, R1, inFlight);
        setEnded();
        asm.jump(out);
        asm.place(inFlight);
    }

    /** A part of the request: the rest is still in flight and ends with an event of its own. */
    private void leaveIfPart()
    {
        asm.load(8, R1, FP, Frame.ENDED);
        asm.load(8, R2, FP, Frame.LENGTH);
        asm.jump(If.BELOW, R1, R2, out);
    }

    /** In the entry of R0: a first sector behind every last one, less the copies that are still to see this end. */
    private void setEnded()
    {
        moveLargest(R1);
        asm.addImmediate(R1, copy + 1 - event.copies());
        asm.store(8, R0, TrackingMaps.ENTRY_FIRST, R1);
    }

    /** After the marks: of an end whose write was not in the table as it should be, or of a bio. */
    private void leaveTable()
    {
        if (event == BlockEvent.COMPLETE)
        {
            asm.load(8, R1, FP, Frame.FOREIGN);
            asm.jumpImmediate(If.NOT_EQUAL, R1, 0, out);
            leaveIfPart();
        }
        // mostly it is not there (any more) for a bio, and to find that out takes no lock
        call(LOOKUP, maps.inFlight(), Frame.WRITE);
        asm.jumpImmediate(If.EQUAL, R0, 0, out);
        if (event.ofRequest())
        {
            setEnded();
        }
        else
        {
            call(DELETE, maps.inFlight(), Frame.WRITE);
        }
    }

    /** No sector is as large. */
    private void moveLargest(final int to)
    {
        asm.moveImmediate(to, -1);
        asm.shiftRightImmediate(to, 1);
    }

    private void load(final int to, final int base, final Field field)
    {
        asm.load(field.sizeBytes(), to, base, field.offset());
    }

    private void call(final int function, final BpfMap map, final int key)
    {
        asm.loadMap(R1, map.fd());
        asm.move(R2, FP);
        asm.addImmediate(R2, key);
        asm.call(function);
    }
}
