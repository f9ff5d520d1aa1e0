package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client said with an option: an export's name, and what it wants to know of it. Immutable; made on the event
 * loop from data whose length was bounded before, so a count is believed only as far as its items are there.
 *
 * @param infos    kinds of information wanted.
 * @param contexts names of metadata contexts wanted.
 */
record OptionData(String exportName, List<Integer> infos, List<String> contexts)
{
    private static final String BASE = "base:";

    /** {@code name length:32  name  count:16  kinds:16 each}; null when malformed. */
    static OptionData ofInfo(final ByteBuf data)
    {
        final String name = text(data);
        if (name == null || data.readableBytes() < Short.BYTES)
        {
            return null;
        }
        final int count = data.readUnsignedShort();
        if (data.readableBytes() != count * Short.BYTES)
        {
            return null;
        }
        final List<Integer> infos = new ArrayList<>();
        while (data.isReadable())
        {
            infos.add(data.readUnsignedShort());
        }
        return new OptionData(name, infos, List.of());
    }

    /** {@code name length:32  name  count:32  (length:32  context) each}; null when malformed. */
    static OptionData ofContexts(final ByteBuf data)
    {
        final String name = text(data);
        if (name == null || data.readableBytes() < Integer.BYTES)
        {
            return null;
        }
        final long count = data.readUnsignedInt();
        final List<String> contexts = new ArrayList<>();
        while (data.isReadable() && contexts.size() < count)
        {
            final String context = text(data);
            if (context == null)
            {
                return null;
            }
            contexts.add(context);
        }
        return contexts.size() != count || data.isReadable() ? null : new OptionData(name, List.of(), contexts);
    }

    /** No context at all asks for every one, and a bare name space for all in it, but only when they are listed. */
    boolean wantsAllocation(final boolean set)
    {
        return contexts.contains(Protocol.BASE_ALLOCATION) || !set && (contexts.isEmpty() || contexts.contains(BASE));
    }

    private static String text(final ByteBuf data)
    {
        if (data.readableBytes() < Integer.BYTES)
        {
            return null;
        }
        final long length = data.readUnsignedInt();
        if (length > Protocol.STRING_LIMIT_BYTES || length > data.readableBytes())
        {
            return null;
        }
        return data.readCharSequence((int)length, StandardCharsets.UTF_8).toString();
    }
}
