package io.farblock.blockdev.nbd;

import io.farblock.blockdev.Geometry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/** What a server answers to one option; written, not flushed. On the connection's event loop. */
final class OptionReplies
{
    private static final int PREFERRED_BLOCK_BYTES = 4096;

    private final ChannelHandlerContext ctx;
    private final int option;

    OptionReplies(final ChannelHandlerContext ctx, final int option)
    {
        this.ctx = ctx;
        this.option = option;
    }

    void acknowledge()
    {
        ctx.write(reply(Protocol.REP_ACK, 0));
    }

    void refuse(final int error, final String why)
    {
        ctx.write(reply(error, ByteBufUtil.utf8Bytes(why)).writeBytes(why.getBytes(StandardCharsets.UTF_8)));
    }

    void server(final NbdExport export)
    {
        final byte[] name = export.name().getBytes(StandardCharsets.UTF_8);
        final byte[] description = export.description().getBytes(StandardCharsets.UTF_8);
        ctx.write(reply(Protocol.REP_SERVER, Integer.BYTES + name.length + description.length)
            .writeInt(name.length).writeBytes(name).writeBytes(description));
    }

    void export(final NbdExport export, final int flags)
    {
        ctx.write(info(Protocol.INFO_EXPORT, Long.BYTES + Short.BYTES)
            .writeLong(export.device().geometry().sizeBytes()).writeShort(flags));
    }

    /** The block sizes always: whoever does not ask for them may still heed them. */
    void wishes(final NbdExport export, final OptionData asked)
    {
        final Geometry geometry = export.device().geometry();
        ctx.write(info(Protocol.INFO_BLOCK_SIZE, 3 * Integer.BYTES)
            .writeInt(geometry.sectorBytes())
            .writeInt(Math.max(PREFERRED_BLOCK_BYTES, geometry.sectorBytes()))
            .writeInt(Protocol.PAYLOAD_LIMIT_BYTES));
        if (asked.infos().contains(Protocol.INFO_NAME))
        {
            text(Protocol.INFO_NAME, export.name());
        }
        if (asked.infos().contains(Protocol.INFO_DESCRIPTION) && !export.description().isEmpty())
        {
            text(Protocol.INFO_DESCRIPTION, export.description());
        }
    }

    /** A listed context has no number yet. */
    void allocationContext(final boolean set)
    {
        ctx.write(reply(Protocol.REP_META_CONTEXT, Integer.BYTES + Protocol.BASE_ALLOCATION.length())
            .writeInt(set ? StatusReply.CONTEXT_ID : 0)
            .writeBytes(Protocol.BASE_ALLOCATION.getBytes(StandardCharsets.US_ASCII)));
    }

    private void text(final int kind, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ctx.write(info(kind, bytes.length).writeBytes(bytes));
    }

    private ByteBuf info(final int kind, final int lengthBytes)
    {
        return reply(Protocol.REP_INFO, Short.BYTES + lengthBytes).writeShort(kind);
    }

    private ByteBuf reply(final int type, final int lengthBytes)
    {
        return ctx.alloc().buffer(Protocol.OPTION_REPLY_HEADER_BYTES + lengthBytes)
            .writeLong(Protocol.OPTION_REPLY_MAGIC).writeInt(option).writeInt(type).writeInt(lengthBytes);
    }
}
