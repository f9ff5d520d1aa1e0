package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.MemoryBlockDevice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Options and their answers, and what ends a handshake, under a clock of the test's. */
class ServerHandshakeTest implements NbdEvents
{
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> endings = new ArrayList<>();
    private final List<String> opened = new ArrayList<>();
    private final MemoryBlockDevice device = new MemoryBlockDevice("memory", 1 << 20);
    private final Clients clients = new Clients(2);
    private final EmbeddedChannel channel = connection(
        new NbdExport("one", device, false, "the first"), new NbdExport("two", device, true, ""));

    @BeforeEach
    void greet()
    {
        channel.freezeTime();
        final ByteBuf greeting = channel.readOutbound();
        assertThat(greeting.readLong()).isEqualTo(Protocol.INIT_MAGIC);
        greeting.release();
    }

    @AfterEach
    void close()
    {
        channel.finishAndReleaseAll();
        device.close();
    }

    @Test
    void shouldListItsExports()
    {
        sendFlags(3);

        sendOption(Protocol.OPT_LIST, new byte[0]);

        final List<RawClient.OptionReply> replies = replies();
        assertThat(replies).extracting(RawClient.OptionReply::type)
            .containsExactly(Protocol.REP_SERVER, Protocol.REP_SERVER, Protocol.REP_ACK);
        assertThat(new String(replies.get(0).data(), 4, 12, StandardCharsets.UTF_8)).isEqualTo("onethe first");
    }

    @Test
    void shouldTellWhatAnExportIsAndStayForMore()
    {
        sendFlags(3);

        sendOption(Protocol.OPT_INFO, RawClient.info("two", Protocol.INFO_NAME, Protocol.INFO_DESCRIPTION));

        final List<RawClient.OptionReply> replies = replies();
        assertThat(replies).extracting(RawClient.OptionReply::type).containsExactly(
            Protocol.REP_INFO, Protocol.REP_INFO, Protocol.REP_INFO, Protocol.REP_ACK);
        final ByteBuf export = Unpooled.wrappedBuffer(replies.get(0).data());
        assertThat(export.readShort()).isEqualTo((short)Protocol.INFO_EXPORT);
        assertThat(export.readLong()).isEqualTo(1 << 20);
        assertThat(export.readUnsignedShort()).isEqualTo(Protocol.FLAG_HAS_FLAGS | Protocol.FLAG_READ_ONLY |
            Protocol.FLAG_SEND_FLUSH | Protocol.FLAG_CAN_MULTI_CONN);
        final ByteBuf sizes = Unpooled.wrappedBuffer(replies.get(1).data());
        assertThat(sizes.readShort()).isEqualTo((short)Protocol.INFO_BLOCK_SIZE);
        assertThat(List.of(sizes.readInt(), sizes.readInt(), sizes.readInt())).containsExactly(512, 4096, 32 << 20);
        assertThat(opened).isEmpty();
    }

    @Test
    void shouldRefuseWhatItDoesNotKnowOrUnderstand()
    {
        sendFlags(3);

        sendOption(5, new byte[0]);
        sendOption(4711, new byte[100]);
        sendOption(Protocol.OPT_GO, RawClient.info("three"));
        sendOption(Protocol.OPT_GO, new byte[] {0, 0, 0, 9, 'x', 0, 0});
        sendOption(Protocol.OPT_INFO, new byte[] {0, 0, 0, 1, 'x', 0, 2, 0, 3});
        sendOption(Protocol.OPT_LIST, new byte[1]);
        sendOption(Protocol.OPT_STRUCTURED_REPLY, new byte[1]);
        sendOption(Protocol.OPT_SET_META_CONTEXT, new byte[] {0, 0, 0, 0, -1, -1, -1, -1});

        assertThat(replies()).extracting(RawClient.OptionReply::type).containsExactly(
            Protocol.REP_ERR_UNSUP, Protocol.REP_ERR_UNSUP, Protocol.REP_ERR_UNKNOWN, Protocol.REP_ERR_INVALID,
            Protocol.REP_ERR_INVALID, Protocol.REP_ERR_INVALID, Protocol.REP_ERR_INVALID, Protocol.REP_ERR_INVALID);
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void shouldGiveContextsOnlyToThoseWhoTakeStructuredReplies() throws Exception
    {
        sendFlags(3);
        final byte[] wanted = RawClient.contexts("one", "base:allocation", "qemu:dirty-bitmap:x");

        sendOption(Protocol.OPT_SET_META_CONTEXT, wanted);
        sendOption(Protocol.OPT_STRUCTURED_REPLY, new byte[0]);
        sendOption(Protocol.OPT_SET_META_CONTEXT, wanted);
        sendOption(Protocol.OPT_LIST_META_CONTEXT, RawClient.contexts("one"));
        sendOption(Protocol.OPT_SET_META_CONTEXT, RawClient.contexts("one", "base:"));

        assertThat(replies()).extracting(RawClient.OptionReply::type).containsExactly(Protocol.REP_ERR_INVALID,
            Protocol.REP_ACK, Protocol.REP_META_CONTEXT, Protocol.REP_ACK, Protocol.REP_META_CONTEXT,
            Protocol.REP_ACK, Protocol.REP_ACK);
    }

    @Test
    void shouldOpenAnExportTheOldWay()
    {
        sendFlags(Protocol.HANDSHAKE_FIXED_NEWSTYLE);

        sendOption(Protocol.OPT_EXPORT_NAME, "one".getBytes(StandardCharsets.UTF_8));

        final ByteBuf reply = channel.readOutbound();
        assertThat(reply.readableBytes()).isEqualTo(10 + Protocol.EXPORT_NAME_PADDING_BYTES);
        assertThat(reply.readLong()).isEqualTo(1 << 20);
        assertThat(opened).containsExactly("one");
        reply.release();
    }

    @Test
    void shouldEndWhenNothingIsChosenInTime()
    {
        sendFlags(3);
        channel.advanceTimeBy(TIMEOUT.toSeconds() - 1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        final boolean before = channel.isActive();

        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(before).isTrue();
        assertThat(channel.isActive()).isFalse();
        assertThat(endings).containsExactly("no export chosen within PT10S");
    }

    @Test
    void shouldNotEndWhenTheChoiceWasMade()
    {
        sendFlags(3);
        sendOption(Protocol.OPT_GO, RawClient.info("one"));

        channel.advanceTimeBy(1, TimeUnit.DAYS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isActive()).isTrue();
        assertThat(opened).containsExactly("one");
    }

    @Test
    void shouldEndAtTooManyOptions()
    {
        sendFlags(3);

        for (int i = 0; i <= ServerHandshake.OPTIONS_LIMIT; i++)
        {
            sendOption(4711, new byte[0]);
        }

        assertThat(replies()).hasSize(ServerHandshake.OPTIONS_LIMIT);
        assertThat(endings).containsExactly("more than 64 options");
    }

    @Test
    void shouldEndAtAnOptionTooLongBeforeItIsThere()
    {
        sendFlags(3);

        channel.writeInbound(Unpooled.buffer().writeLong(Protocol.OPTION_MAGIC).writeInt(Protocol.OPT_GO)
            .writeInt(-1));

        assertThat(endings).containsExactly("an option of 4294967295 bytes, expected at most 16384");
    }

    @Test
    void shouldEndAtAnUnknownClientFlag()
    {
        sendFlags(4);

        assertThat(endings).containsExactly("unknown client flags");
    }

    @Test
    void shouldEndAtGarbage()
    {
        sendFlags(3);

        channel.writeInbound(Unpooled.wrappedBuffer(new byte[16]));

        assertThat(endings).containsExactly("an option that does not begin with its magic number");
    }

    @Test
    void shouldSendAwayWhoFindsNoPlace()
    {
        final NbdExport export = new NbdExport("one", device, false, "");

        final EmbeddedChannel second = connection(export);
        final EmbeddedChannel third = connection(export);

        assertThat(second.isActive()).isTrue();
        assertThat(third.isActive()).isFalse();
        assertThat(endings).containsExactly("no place left for another connection");
        second.finishAndReleaseAll();
        third.finishAndReleaseAll();
    }

    @Override
    public void opened(final String client, final String export)
    {
        opened.add(export);
    }

    @Override
    public void closed(final String client, final String reason)
    {
        endings.add(reason);
    }

    private EmbeddedChannel connection(final NbdExport... exports)
    {
        return new EmbeddedChannel(new ServerHandshake(new Exports(List.of(exports)), clients, TIMEOUT,
            (agreed) -> new ServerSession(agreed, Runnable::run, 4, Protocol.PAYLOAD_LIMIT_BYTES, this), this));
    }

    private void sendFlags(final int flags)
    {
        channel.writeInbound(Unpooled.wrappedBuffer(RawClient.integer(flags)));
    }

    private void sendOption(final int option, final byte[] data)
    {
        // in two pieces, as a network may bring them
        channel.writeInbound(Unpooled.buffer().writeLong(Protocol.OPTION_MAGIC).writeShort(option >>> 16));
        channel.writeInbound(Unpooled.buffer().writeShort(option).writeInt(data.length).writeBytes(data));
    }

    private List<RawClient.OptionReply> replies()
    {
        final List<RawClient.OptionReply> replies = new ArrayList<>();
        ByteBuf reply = channel.readOutbound();
        while (reply != null)
        {
            reply.skipBytes(Protocol.OPTION_HEADER_BYTES - 4);
            final int type = reply.readInt();
            final byte[] data = new byte[reply.readInt()];
            reply.readBytes(data);
            assertThat(reply.isReadable()).isFalse();
            reply.release();
            replies.add(new RawClient.OptionReply(type, data));
            reply = channel.readOutbound();
        }
        return replies;
    }
}
