package io.farblock.blockdev.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The haggling before the first request: the client asks for options until it has chosen an export; then a
 * {@link ServerSession} takes this handler's place. On the connection's event loop. What a client may send is bounded
 * in the length of an option, their number, and time; whoever goes beyond loses the connection. Replies are bounded
 * too: a client that asks on without having read them is closed.
 */
final class ServerHandshake extends ByteToMessageDecoder
{
    static final int OPTION_LIMIT_BYTES = 16 * 1024;
    static final int OPTIONS_LIMIT = 64;

    private final Exports exports;
    private final Clients clients;
    private final Duration timeout;
    private final Function<ServerSession.Agreed, ServerSession> sessions;
    private final NbdEvents events;

    private String client = "client";
    private Future<?> deadline;
    private boolean flagsKnown;
    private boolean padded;
    private int options;
    private boolean structured;
    private NbdExport statusOf;
    private String reason = "left before it had chosen an export";
    private boolean done;

    ServerHandshake(final Exports exports, final Clients clients, final Duration timeout,
        final Function<ServerSession.Agreed, ServerSession> sessions, final NbdEvents events)
    {
        this.exports = exports;
        this.clients = clients;
        this.timeout = timeout;
        this.sessions = sessions;
        this.events = events;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx)
    {
        client = clients.name(ctx.channel());
        if (!clients.admit(ctx.channel()))
        {
            end(ctx, "no place left for another connection");
            return;
        }
        deadline = ctx.executor().schedule(() -> end(ctx, "no export chosen within " + timeout),
            timeout.toNanos(), TimeUnit.NANOSECONDS);
        ctx.writeAndFlush(ctx.alloc().buffer(Protocol.GREETING_BYTES)
            .writeLong(Protocol.INIT_MAGIC)
            .writeLong(Protocol.OPTION_MAGIC)
            .writeShort(Protocol.HANDSHAKE_FIXED_NEWSTYLE | Protocol.HANDSHAKE_NO_ZEROES));
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) throws Exception
    {
        super.channelInactive(ctx);
        cancelDeadline();
        if (!done)
        {
            events.closed(client, reason);
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event)
    {
        if (event == Clients.FINISH)
        {
            end(ctx, "the server is closing");
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        end(ctx, "broken: " + cause);
    }

    @Override
    protected void decode(final ChannelHandlerContext ctx, final ByteBuf in, final List<Object> out)
    {
        if (!ctx.channel().isActive())
        {
            in.skipBytes(in.readableBytes());
        }
        else if (!flagsKnown)
        {
            readFlags(ctx, in);
        }
        else if (in.readableBytes() >= Protocol.OPTION_HEADER_BYTES)
        {
            readOption(ctx, in);
        }
    }

    private void readFlags(final ChannelHandlerContext ctx, final ByteBuf in)
    {
        if (in.readableBytes() >= Integer.BYTES)
        {
            final int flags = in.readInt();
            flagsKnown = true;
            padded = (flags & Protocol.HANDSHAKE_NO_ZEROES) == 0;
            if ((flags & ~(Protocol.HANDSHAKE_FIXED_NEWSTYLE | Protocol.HANDSHAKE_NO_ZEROES)) != 0)
            {
                end(ctx, "unknown client flags");
            }
        }
    }

    private void readOption(final ChannelHandlerContext ctx, final ByteBuf in)
    {
        final int at = in.readerIndex();
        final long length = in.getUnsignedInt(at + 12);
        if (in.getLong(at) != Protocol.OPTION_MAGIC)
        {
            end(ctx, "an option that does not begin with its magic number");
        }
        else if (length > OPTION_LIMIT_BYTES)
        {
            end(ctx, "an option of " + length + " bytes, expected at most " + OPTION_LIMIT_BYTES);
        }
        else if (in.readableBytes() >= Protocol.OPTION_HEADER_BYTES + length)
        {
            in.skipBytes(Protocol.OPTION_HEADER_BYTES);
            final ByteBuf data = in.readSlice((int)length);
            if (++options > OPTIONS_LIMIT)
            {
                end(ctx, "more than " + OPTIONS_LIMIT + " options");
            }
            else if (!ctx.channel().isWritable())
            {
                end(ctx, "it does not read the replies to its options");
            }
            else
            {
                answer(ctx, in.getInt(at + 8), data);
            }
        }
    }

    private void answer(final ChannelHandlerContext ctx, final int option, final ByteBuf data)
    {
        final OptionReplies replies = new OptionReplies(ctx, option);
        switch (option)
        {
            case Protocol.OPT_EXPORT_NAME -> exportName(ctx, data);
            case Protocol.OPT_ABORT ->
            {
                replies.acknowledge();
                reason = "left by itself before it had chosen an export";
                // The reply is queued before the end of the stream.
                ctx.flush();
                ctx.close();
            }
            case Protocol.OPT_LIST -> list(replies, data);
            case Protocol.OPT_INFO, Protocol.OPT_GO -> inform(ctx, replies, data, option == Protocol.OPT_GO);
            case Protocol.OPT_STRUCTURED_REPLY -> structuredReply(replies, data);
            case Protocol.OPT_LIST_META_CONTEXT -> metaContexts(replies, data, false);
            case Protocol.OPT_SET_META_CONTEXT -> metaContexts(replies, data, true);
            default -> replies.refuse(Protocol.REP_ERR_UNSUP, "this server does not know the option");
        }
        ctx.flush();
    }

    private void exportName(final ChannelHandlerContext ctx, final ByteBuf data)
    {
        final NbdExport export = exports.find(data.toString(StandardCharsets.UTF_8));
        if (export == null)
        {
            // the old way into an export knows no other refusal
            end(ctx, "it asked for an export that is not there");
            return;
        }
        ctx.write(ctx.alloc().buffer()
            .writeLong(export.device().geometry().sizeBytes())
            .writeShort(transmissionFlags(export))
            .writeZero(padded ? Protocol.EXPORT_NAME_PADDING_BYTES : 0));
        open(ctx, export);
    }

    private void list(final OptionReplies replies, final ByteBuf data)
    {
        if (data.isReadable())
        {
            replies.refuse(Protocol.REP_ERR_INVALID, "LIST has no data");
            return;
        }
        exports.all().forEach(replies::server);
        replies.acknowledge();
    }

    private void inform(
        final ChannelHandlerContext ctx, final OptionReplies replies, final ByteBuf data, final boolean go)
    {
        final OptionData asked = OptionData.ofInfo(data);
        final NbdExport export = asked == null ? null : exports.find(asked.exportName());
        if (asked == null)
        {
            replies.refuse(Protocol.REP_ERR_INVALID, "expected a name and a list of wishes");
        }
        else if (export == null)
        {
            replies.refuse(Protocol.REP_ERR_UNKNOWN, "no export has this name");
        }
        else
        {
            replies.export(export, transmissionFlags(export));
            replies.wishes(export, asked);
            replies.acknowledge();
            if (go)
            {
                open(ctx, export);
            }
        }
    }

    private void structuredReply(final OptionReplies replies, final ByteBuf data)
    {
        if (data.isReadable())
        {
            replies.refuse(Protocol.REP_ERR_INVALID, "STRUCTURED_REPLY has no data");
            return;
        }
        structured = true;
        replies.acknowledge();
    }

    private void metaContexts(final OptionReplies replies, final ByteBuf data, final boolean set)
    {
        final OptionData asked = OptionData.ofContexts(data);
        if (set)
        {
            // a new choice replaces the one before, also when it fails
            statusOf = null;
        }
        final NbdExport export = asked == null ? null : exports.find(asked.exportName());
        if (asked == null || !structured)
        {
            replies.refuse(Protocol.REP_ERR_INVALID, asked == null ? "expected a name and a list of contexts" :
                "ask for structured replies first");
        }
        else if (export == null)
        {
            replies.refuse(Protocol.REP_ERR_UNKNOWN, "no export has this name");
        }
        else
        {
            if (asked.wantsAllocation(set))
            {
                replies.allocationContext(set);
                statusOf = set ? export : statusOf;
            }
            replies.acknowledge();
        }
    }

    private int transmissionFlags(final NbdExport export)
    {
        final int writing = Protocol.FLAG_SEND_FUA | Protocol.FLAG_SEND_TRIM | Protocol.FLAG_SEND_WRITE_ZEROES;
        return Protocol.FLAG_HAS_FLAGS | Protocol.FLAG_SEND_FLUSH | Protocol.FLAG_CAN_MULTI_CONN |
            (export.readOnly() ? Protocol.FLAG_READ_ONLY : writing) | (structured ? Protocol.FLAG_SEND_DF : 0);
    }

    private void open(final ChannelHandlerContext ctx, final NbdExport export)
    {
        done = true;
        cancelDeadline();
        events.opened(client, export.name());
        // bytes that came along with the last option are handed to the session by the decoder's removal
        ctx.pipeline().replace(this, null,
            sessions.apply(new ServerSession.Agreed(client, export, structured, statusOf == export)));
    }

    private void end(final ChannelHandlerContext ctx, final String why)
    {
        if (ctx.channel().isActive())
        {
            reason = why;
            ctx.close();
        }
    }

    private void cancelDeadline()
    {
        if (deadline != null)
        {
            deadline.cancel(false);
        }
    }
}
