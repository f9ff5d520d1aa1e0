package io.farblock.blockdev.nbd;

import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Agrees with a server on an export, one option after the other; then the {@link ClientSession} takes this handler's
 * place. On the client's event loop. Any failure is told to whoever waits and ends the connection.
 *
 * <pre>
 *   GREETING ─> STRUCTURED ──agreed──> CONTEXT ─> GO ─> session
 *                   └────── not known ────────────^  └─ not known ─> NAME ─> session
 * </pre>
 */
final class ClientHandshake extends ByteToMessageDecoder
{
    /** What is waited for. */
    private enum Step
    {
        GREETING, STRUCTURED, CONTEXT, GO, NAME
    }

    private static final int REPLY_LIMIT_BYTES = 16 * 1024;
    private static final int NAME_REPLY_BYTES = Long.BYTES + Short.BYTES;
    /** Replies to one option; a server that goes on and on is not waited for. */
    private static final int REPLIES_LIMIT = 64;

    private final NbdClientConfig config;
    private final CompletableFuture<Negotiated> outcome;
    private final ClientSession session;

    private Step step = Step.GREETING;
    private int replies;
    private boolean padded;
    private boolean sized;
    private long sizeBytes;
    private int flags;
    private long minimumBytes = 1;
    private long maximumBytes = Protocol.PAYLOAD_LIMIT_BYTES;
    private boolean status;
    private int contextId;

    ClientHandshake(
        final NbdClientConfig config, final CompletableFuture<Negotiated> outcome, final ClientSession session)
    {
        this.config = config;
        this.outcome = outcome;
        this.session = session;
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) throws Exception
    {
        super.channelInactive(ctx);
        fail(ctx, Errno.ENOTCONN, "the server closed the connection before it had agreed" +
            (step == Step.NAME ? "; it may not have this export" : ""));
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        fail(ctx, Errno.EIO, cause.toString());
    }

    @Override
    protected void decode(final ChannelHandlerContext ctx, final ByteBuf in, final List<Object> out)
    {
        if (outcome.isDone())
        {
            in.skipBytes(in.readableBytes());
        }
        else if (step == Step.GREETING)
        {
            readGreeting(ctx, in);
        }
        else if (step == Step.NAME)
        {
            readNameReply(ctx, in);
        }
        else if (in.readableBytes() >= Protocol.OPTION_REPLY_HEADER_BYTES)
        {
            readReply(ctx, in);
        }
    }

    private void readGreeting(final ChannelHandlerContext ctx, final ByteBuf in)
    {
        if (in.readableBytes() < Protocol.GREETING_BYTES)
        {
            return;
        }
        final boolean nbd = in.readLong() == Protocol.INIT_MAGIC;
        final boolean newstyle = in.readLong() == Protocol.OPTION_MAGIC;
        final int offered = in.readUnsignedShort();
        if (!nbd || !newstyle || (offered & Protocol.HANDSHAKE_FIXED_NEWSTYLE) == 0)
        {
            fail(ctx, Errno.EIO, nbd ? "the server speaks only an old dialect of NBD; expected fixed newstyle" :
                "what listens there does not speak NBD");
            return;
        }
        padded = (offered & Protocol.HANDSHAKE_NO_ZEROES) == 0;
        ctx.write(ctx.alloc().buffer(Integer.BYTES).writeInt(
            Protocol.HANDSHAKE_FIXED_NEWSTYLE | offered & Protocol.HANDSHAKE_NO_ZEROES));
        ask(ctx, Step.STRUCTURED, Protocol.OPT_STRUCTURED_REPLY, ctx.alloc().buffer(0));
    }

    private void readReply(final ChannelHandlerContext ctx, final ByteBuf in)
    {
        final int at = in.readerIndex();
        final int type = in.getInt(at + 12);
        final long length = in.getUnsignedInt(at + 16);
        if (in.getLong(at) != Protocol.OPTION_REPLY_MAGIC || length > REPLY_LIMIT_BYTES || ++replies > REPLIES_LIMIT)
        {
            fail(ctx, Errno.EIO, "the server's reply to an option has type " + type + " and " + length +
                " bytes, expected at most " + REPLIES_LIMIT + " replies of " + REPLY_LIMIT_BYTES);
        }
        else if (in.readableBytes() < Protocol.OPTION_REPLY_HEADER_BYTES + length)
        {
            // counted again when the rest is there
            replies--;
        }
        else
        {
            in.skipBytes(Protocol.OPTION_REPLY_HEADER_BYTES);
            understand(ctx, type, in.readSlice((int)length));
        }
    }

    private void understand(final ChannelHandlerContext ctx, final int type, final ByteBuf data)
    {
        if (type == Protocol.REP_ERR_TLS_REQD || type == Protocol.REP_ERR_POLICY)
        {
            fail(ctx, Errno.EACCES, "the server refuses: " + (type == Protocol.REP_ERR_POLICY ?
                "against its policy" : "it wants TLS, which this client does not speak") + words(data));
            return;
        }
        switch (step)
        {
            case STRUCTURED -> next(ctx, type == Protocol.REP_ACK);
            case CONTEXT -> understandContext(ctx, type, data);
            default -> understandGo(ctx, type, data);
        }
    }

    private void next(final ChannelHandlerContext ctx, final boolean structured)
    {
        if (structured)
        {
            final byte[] context = Protocol.BASE_ALLOCATION.getBytes(StandardCharsets.US_ASCII);
            ask(ctx, Step.CONTEXT, Protocol.OPT_SET_META_CONTEXT, exportName(ctx)
                .writeInt(1).writeInt(context.length).writeBytes(context));
        }
        else
        {
            go(ctx);
        }
    }

    private void understandContext(final ChannelHandlerContext ctx, final int type, final ByteBuf data)
    {
        if (type == Protocol.REP_META_CONTEXT && data.readableBytes() > Integer.BYTES)
        {
            contextId = data.readInt();
            status |= Protocol.BASE_ALLOCATION.equals(data.toString(StandardCharsets.UTF_8));
        }
        else
        {
            // done, or not to be had; a wrong name of the export is told by the next option
            go(ctx);
        }
    }

    private void go(final ChannelHandlerContext ctx)
    {
        ask(ctx, Step.GO, Protocol.OPT_GO, exportName(ctx).writeShort(1).writeShort(Protocol.INFO_BLOCK_SIZE));
    }

    private void understandGo(final ChannelHandlerContext ctx, final int type, final ByteBuf data)
    {
        if (type == Protocol.REP_INFO && data.readableBytes() >= Short.BYTES)
        {
            understandInfo(data);
        }
        else if (type == Protocol.REP_ACK && sized)
        {
            begin(ctx);
        }
        else if (type == Protocol.REP_ERR_UNSUP)
        {
            step = Step.NAME;
            ctx.writeAndFlush(option(ctx, Protocol.OPT_EXPORT_NAME,
                ctx.alloc().buffer().writeBytes(config.export().getBytes(StandardCharsets.UTF_8))));
        }
        else
        {
            fail(ctx, type == Protocol.REP_ERR_UNKNOWN ? Errno.ENOENT : Errno.EIO, type == Protocol.REP_ERR_UNKNOWN ?
                "the server has no export '" + config.export() + "'" + words(data) :
                "the server did not open the export, reply type " + (type & Integer.MAX_VALUE) + words(data));
        }
    }

    private void understandInfo(final ByteBuf data)
    {
        final int kind = data.readUnsignedShort();
        if (kind == Protocol.INFO_EXPORT && data.readableBytes() == NAME_REPLY_BYTES)
        {
            sized = true;
            sizeBytes = data.readLong();
            flags = data.readUnsignedShort();
        }
        else if (kind == Protocol.INFO_BLOCK_SIZE && data.readableBytes() == 3 * Integer.BYTES)
        {
            minimumBytes = data.readUnsignedInt();
            data.skipBytes(Integer.BYTES);
            maximumBytes = data.readUnsignedInt();
        }
    }

    private void readNameReply(final ChannelHandlerContext ctx, final ByteBuf in)
    {
        final int length = NAME_REPLY_BYTES + (padded ? Protocol.EXPORT_NAME_PADDING_BYTES : 0);
        if (in.readableBytes() >= length)
        {
            sizeBytes = in.readLong();
            flags = in.readUnsignedShort();
            in.skipBytes(length - NAME_REPLY_BYTES);
            begin(ctx);
        }
    }

    private void begin(final ChannelHandlerContext ctx)
    {
        ctx.pipeline().replace(this, null, session);
        outcome.complete(new Negotiated(sizeBytes, flags, minimumBytes, maximumBytes, status, contextId));
    }

    private void ask(final ChannelHandlerContext ctx, final Step next, final int option, final ByteBuf data)
    {
        step = next;
        replies = 0;
        ctx.writeAndFlush(option(ctx, option, data));
    }

    private static ByteBuf option(final ChannelHandlerContext ctx, final int option, final ByteBuf data)
    {
        final ByteBuf message = ctx.alloc().buffer(Protocol.OPTION_HEADER_BYTES + data.readableBytes())
            .writeLong(Protocol.OPTION_MAGIC).writeInt(option).writeInt(data.readableBytes()).writeBytes(data);
        data.release();
        return message;
    }

    private ByteBuf exportName(final ChannelHandlerContext ctx)
    {
        final byte[] name = config.export().getBytes(StandardCharsets.UTF_8);
        return ctx.alloc().buffer().writeInt(name.length).writeBytes(name);
    }

    private void fail(final ChannelHandlerContext ctx, final int errno, final String why)
    {
        outcome.completeExceptionally(new DeviceException(errno, "cannot open " + config + ": " + why));
        ctx.close();
    }

    /** What the server says for people, without what could command a terminal. */
    private static String words(final ByteBuf data)
    {
        final String text = data.toString(StandardCharsets.UTF_8).replaceAll("[^\\P{C}]", "?");
        return text.isEmpty() ? "" : " (it says: " + text.substring(0, Math.min(200, text.length())) + ")";
    }
}
