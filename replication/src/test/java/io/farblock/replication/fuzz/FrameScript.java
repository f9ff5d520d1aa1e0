package io.farblock.replication.fuzz;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.replication.fuzz.WireSchema.Field;
import io.farblock.replication.fuzz.WireSchema.Message;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.Frames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Frames as a hostile site would make them: of any type, with the envelope and the header right, so that they get past
 * the door, and anything in their fields; now and then cut short or damaged after that, and sealed all the same.
 */
public final class FrameScript
{
    private static final int HEADER_BYTES = 8;
    private static final int ROOM_BYTES = 1 << 18;
    private static final int FLAWLESS = 224;

    private final List<String> names;
    private final ByteBuffer room = AlignedBuffers.allocate(ROOM_BYTES);

    /** @param names that texts are likely to be. */
    public FrameScript(final List<String> names)
    {
        this.names = List.copyOf(names);
    }

    /** A frame of whatever type the script says. */
    public ByteBuffer next(final Script script)
    {
        final List<Message> messages = WireSchema.CURRENT.messages();
        return next(messages.get(script.choice(messages.size())), script);
    }

    /** A frame of this type. */
    public ByteBuffer next(final Message message, final Script script)
    {
        room.clear();
        room.putLong(0);
        room.putShort((short)message.fixedBytes()).putShort((short)message.template());
        room.putShort((short)WireSchema.CURRENT.id()).putShort((short)WireSchema.CURRENT.version());
        for (final Field field : message.fields())
        {
            switch (field.kind())
            {
                case DATA -> data(field, script);
                case GROUP -> group(field, script);
                default -> fixed(field.bytes(), script);
            }
        }
        final int flaw = script.octet();
        if (flaw >= FLAWLESS)
        {
            damage(flaw - FLAWLESS, script);
        }
        final ByteBuffer frame = ByteBuffer.allocate(room.position()).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(0, room, 0, room.position());
        return Frames.reseal(frame);
    }

    private void fixed(final int bytes, final Script script)
    {
        switch (bytes)
        {
            case 1 -> room.put((byte)script.number());
            case 2 -> room.putShort((short)script.number());
            case 4 -> room.putInt((int)script.number());
            case 8 -> room.putLong(script.number());
            default -> room.put(Arrays.copyOf(script.octets(script.choice(bytes + 1)), bytes));
        }
    }

    /** Width and number of the entries, then as many as there should be, or not. */
    private void group(final Field field, final Script script)
    {
        final int entries = script.choice(4);
        room.putShort((short)(script.choice(8) == 7 ? script.number() : field.bytes()));
        room.put((byte)(script.choice(8) == 7 ? script.octet() : entries));
        for (int i = 0; i < entries; i++)
        {
            room.put(Arrays.copyOf(script.octets(script.choice(field.bytes() + 1)), field.bytes()));
        }
    }

    private void data(final Field field, final Script script)
    {
        final int kind = script.octet();
        final byte[] data;
        if (kind < 4 * names.size())
        {
            data = names.get(kind % names.size()).getBytes(StandardCharsets.UTF_8);
        }
        else if (kind >= 248)
        {
            // Longer than anybody would write, as long as the field allows.
            data = new byte[field.bytes() == 2 ? 0xFFFF - (kind - 248) * 16 : 1 << kind - 248 + 10];
            Arrays.fill(data, (byte)('a' + script.choice(26)));
        }
        else
        {
            data = script.octets(kind);
        }
        if (field.bytes() == 2)
        {
            room.putShort((short)data.length);
        }
        else
        {
            room.putInt(data.length);
        }
        room.put(data);
    }

    private void damage(final int kind, final Script script)
    {
        final int body = room.position() - Frame.BODY_OFFSET - HEADER_BYTES;
        if (kind < 16)
        {
            room.position(Frame.BODY_OFFSET + HEADER_BYTES + (int)(Math.abs(script.number() % (body + 1))));
        }
        else
        {
            final int at = Frame.BODY_OFFSET + (int)(Math.abs(script.number() % (body + HEADER_BYTES)));
            room.put(at, (byte)script.octet());
        }
    }
}
