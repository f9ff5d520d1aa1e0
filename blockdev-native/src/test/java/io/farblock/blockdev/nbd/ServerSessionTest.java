package io.farblock.blockdev.nbd;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and their replies, byte for byte. */
@Timeout(30)
class ServerSessionTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private static final int CHUNK = 64 * 1024;
    private static final int SIZE = 16 * CHUNK;

    private final ProbedDevice device = new ProbedDevice(SIZE);
    private final DeviceBytes content = new DeviceBytes(device);
    private Served served;

    @BeforeEach
    void serve() throws IOException
    {
        served = Served.unix((config) -> config.exports(
            new NbdExport("rw", device, false, ""), new NbdExport("ro", device, true, "")));
    }

    @AfterEach
    void close() throws IOException
    {
        served.close();
    }

    @Test
    void shouldReadPlainly() throws IOException
    {
        final byte[] data = pattern(1, CHUNK);
        content.write(CHUNK, data);
        try (RawClient client = RawClient.simple(served.address(), "rw"))
        {
            client.request(0, Protocol.CMD_READ, 5, CHUNK, CHUNK);
            final RawClient.Reply reply = client.readReply(CHUNK);

            assertThat(reply.type()).isEqualTo(RawClient.SIMPLE);
            assertThat(reply.cookie()).isEqualTo(5);
            assertThat(reply.data()).isEqualTo(data);
        }
    }

    @Test
    void shouldReadDataAndZerosInTheirOrder() throws IOException
    {
        final byte[] expected = new byte[SIZE];
        for (final int chunk : new int[] {0, 3, 4, 9})
        {
            final byte[] data = pattern(chunk, CHUNK);
            content.write((long)chunk * CHUNK, data);
            System.arraycopy(data, 0, expected, chunk * CHUNK, CHUNK);
        }
        try (RawClient client = RawClient.structured(served.address(), "rw"))
        {
            client.request(0, Protocol.CMD_READ, 6, 0, SIZE);
            final List<RawClient.Reply> chunks = readChunks(client);

            assertThat(chunks).extracting(RawClient.Reply::type).containsExactly(1, 2, 1, 2, 1, 2);
            assertThat(assembled(chunks, SIZE)).isEqualTo(expected);
            assertThat(device.reads).hasValue(1);
        }
    }

    @Test
    void shouldReadAnythingInChunks() throws IOException
    {
        content.write(2 * CHUNK, pattern(1, CHUNK));
        try (RawClient client = RawClient.structured(served.address(), "rw"))
        {
            client.request(0, Protocol.CMD_READ, 1, 4 * CHUNK, CHUNK);
            final List<RawClient.Reply> hole = readChunks(client);
            client.request(0, Protocol.CMD_READ, 2, CHUNK, 2 * CHUNK);
            final List<RawClient.Reply> holeAndData = readChunks(client);
            client.request(Protocol.CMD_FLAG_DF, Protocol.CMD_READ, 3, 0, SIZE);
            final List<RawClient.Reply> unfragmented = readChunks(client);
            client.request(0, Protocol.CMD_READ, 4, 4 * CHUNK, 512);
            final List<RawClient.Reply> small = readChunks(client);

            assertThat(hole).extracting(RawClient.Reply::type).containsExactly(Protocol.CHUNK_OFFSET_HOLE);
            assertThat(holeAndData).extracting(RawClient.Reply::type)
                .containsExactly(Protocol.CHUNK_OFFSET_HOLE, Protocol.CHUNK_OFFSET_DATA);
            assertThat(unfragmented).extracting(RawClient.Reply::type).containsExactly(Protocol.CHUNK_OFFSET_DATA);
            assertThat(small).extracting(RawClient.Reply::type).containsExactly(Protocol.CHUNK_OFFSET_HOLE);
        }
    }

    @Test
    void shouldTellDataFromHoles() throws IOException
    {
        content.write(CHUNK, pattern(1, 2 * CHUNK));
        try (RawClient client = RawClient.structured(served.address(), "rw"))
        {
            client.request(0, Protocol.CMD_BLOCK_STATUS, 1, 0, SIZE);
            final RawClient.Reply all = client.readReply(0);
            client.request(Protocol.CMD_FLAG_REQ_ONE, Protocol.CMD_BLOCK_STATUS, 2, 2 * CHUNK, SIZE - 2 * CHUNK);
            final RawClient.Reply one = client.readReply(0);

            assertThat(integers(all)).containsExactly(StatusReply.CONTEXT_ID, CHUNK, 3, 2 * CHUNK, 0, 13 * CHUNK, 3);
            assertThat(integers(one)).containsExactly(StatusReply.CONTEXT_ID, CHUNK, 0);
        }
    }

    @Test
    void shouldRefuseWhatCannotBeDone() throws IOException
    {
        try (RawClient client = RawClient.structured(served.address(), "rw"))
        {
            final int[] errors = {
                client.errorOf(0, Protocol.CMD_READ, 1, 512), client.errorOf(0, Protocol.CMD_READ, 0, 511),
                client.errorOf(0, Protocol.CMD_READ, SIZE, 512), client.errorOf(0, Protocol.CMD_READ, -512, 1024),
                client.errorOf(0, Protocol.CMD_READ, 0, 0), client.errorOf(0, Protocol.CMD_READ, 0, 33 << 20),
                client.errorOf(0, Protocol.CMD_TRIM, 0, 100), client.errorOf(0, 4711, 0, 512),
                client.errorOf(1 << 4, Protocol.CMD_WRITE_ZEROES, 0, 512),
                client.errorOf(0, Protocol.CMD_BLOCK_STATUS, 0, SIZE + 512)};
            final int beyond = client.errorOf(0, Protocol.CMD_WRITE_ZEROES, SIZE, 512);
            final int fine = client.errorOf(0, Protocol.CMD_FLUSH, 0, 0);

            assertThat(errors).containsOnly(Errno.EINVAL);
            assertThat(beyond).isEqualTo(Errno.ENOSPC);
            assertThat(fine).isZero();
        }
    }

    @Test
    void shouldTakeTheBytesOfARefusedWriteForWhatTheyAre() throws IOException
    {
        try (RawClient client = RawClient.simple(served.address(), "ro"))
        {
            client.write(0, 1, 0, pattern(1, CHUNK));
            final int refused = client.readReply(0).error();
            final int fine = client.errorOf(0, Protocol.CMD_FLUSH, 0, 0);

            assertThat(refused).isEqualTo(Errno.EPERM);
            assertThat(fine).isZero();
            assertThat(device.writes).hasValue(0);
        }
    }

    @Test
    void shouldFlushForFuaBeforeItAnswers() throws IOException
    {
        try (RawClient client = RawClient.simple(served.address(), "rw"))
        {
            client.write(0, 1, 0, pattern(1, 512));
            final int plain = client.readReply(0).error();
            final int without = device.flushes.get();
            client.write(Protocol.CMD_FLAG_FUA, 2, 0, pattern(1, 512));
            final int durable = client.readReply(0).error();
            final int zeroed = client.errorOf(Protocol.CMD_FLAG_FUA, Protocol.CMD_WRITE_ZEROES, 0, 512);
            final int trimmed = client.errorOf(Protocol.CMD_FLAG_FUA, Protocol.CMD_TRIM, 0, 512);

            assertThat(List.of(plain, durable, zeroed, trimmed)).containsOnly(0);
            assertThat(without).isZero();
            assertThat(device.flushes).hasValue(3);
        }
    }

    @Test
    void shouldWriteZerosWhereNoHoleIsWanted() throws IOException
    {
        content.write(0, pattern(1, SIZE));
        device.writes.set(0);
        try (RawClient client = RawClient.simple(served.address(), "rw"))
        {
            final int kept = client.errorOf(Protocol.CMD_FLAG_NO_HOLE, Protocol.CMD_WRITE_ZEROES, 0, CHUNK);
            final int zeros = device.zeros.get();
            final int punched = client.errorOf(0, Protocol.CMD_WRITE_ZEROES, CHUNK, CHUNK);

            assertThat(List.of(kept, punched, zeros)).containsOnly(0);
            assertThat(device.writes).hasValue(1);
            assertThat(content.read(0, 2 * CHUNK)).containsOnly(0);
            assertThat(device.nextData(0)).isZero();
            assertThat(device.nextData(CHUNK)).isEqualTo(2 * CHUNK);
        }
    }

    @Test
    void shouldTakeARequestThatCameWithTheChoiceOfTheExport() throws IOException
    {
        try (RawClient client = RawClient.greeted(served.address()))
        {
            final byte[] go = RawClient.optionBytes(Protocol.OPT_GO, RawClient.info("rw"));
            final byte[] flush = RawClient.requestBytes(0, Protocol.CMD_FLUSH, 9, 0, 0);
            final byte[] both = Arrays.copyOf(go, go.length + flush.length);
            System.arraycopy(flush, 0, both, go.length, flush.length);

            client.send(both);
            client.readAcknowledged();

            assertThat(client.readReply(0).cookie()).isEqualTo(9);
        }
    }

    @Test
    void shouldPutARequestTogetherFromWhateverPiecesItComesIn() throws IOException
    {
        final byte[] data = pattern(1, 1024);
        try (RawClient client = RawClient.simple(served.address(), "rw"))
        {
            for (final byte one : RawClient.requestBytes(0, Protocol.CMD_WRITE, 1, 512, data.length))
            {
                client.send(new byte[] {one});
            }
            for (int at = 0; at < data.length; at += 100)
            {
                client.send(Arrays.copyOfRange(data, at, Math.min(at + 100, data.length)));
            }
            final int error = client.readReply(0).error();

            assertThat(error).isZero();
            assertThat(content.read(512, data.length)).isEqualTo(data);
        }
    }

    @Test
    void shouldTakeTheLongestWriteAndRead() throws IOException
    {
        final int longest = Protocol.PAYLOAD_LIMIT_BYTES;
        final ProbedDevice large = new ProbedDevice(longest);
        final byte[] data = pattern(1, longest);
        try (Served own = Served.unix(large); RawClient client = RawClient.simple(own.address(), ""))
        {
            client.write(0, 1, 0, data);
            final int written = client.readReply(0).error();
            client.request(0, Protocol.CMD_READ, 2, 0, longest);
            final byte[] read = client.readReply(longest).data();

            assertThat(written).isZero();
            assertThat(read).isEqualTo(data);
            assertThat(List.of(large.writes.get(), large.reads.get())).containsOnly(1);
        }
    }

    @Test
    void shouldAnswerWhatRunsBeforeItGoesWithTheClient() throws Exception
    {
        try (RawClient client = RawClient.simple(served.address(), "rw"))
        {
            client.write(0, 1, 0, pattern(1, CHUNK));
            client.request(0, Protocol.CMD_FLUSH, 2, 0, 0);
            client.request(0, Protocol.CMD_DISC, 3, 0, 0);

            final long[] cookies = {client.readReply(0).cookie(), client.readReply(0).cookie()};
            client.readToTheEnd();

            assertThat(cookies).containsExactlyInAnyOrder(1, 2);
            assertThat(served.ending()).isEqualTo("left by itself");
        }
    }

    private static List<RawClient.Reply> readChunks(final RawClient client) throws IOException
    {
        final List<RawClient.Reply> chunks = new ArrayList<>();
        do
        {
            chunks.add(client.readReply(0));
        }
        while ((chunks.get(chunks.size() - 1).flags() & Protocol.CHUNK_FLAG_DONE) == 0);
        return chunks;
    }

    private static byte[] assembled(final List<RawClient.Reply> chunks, final int lengthBytes)
    {
        final byte[] bytes = new byte[lengthBytes];
        Arrays.fill(bytes, (byte)0x55);
        for (final RawClient.Reply chunk : chunks)
        {
            final int offset = (int)chunk.number(0);
            if (chunk.type() == Protocol.CHUNK_OFFSET_DATA)
            {
                System.arraycopy(chunk.data(), Long.BYTES, bytes, offset, chunk.data().length - Long.BYTES);
            }
            else
            {
                Arrays.fill(bytes, offset, offset + chunk.integer(Long.BYTES), (byte)0);
            }
        }
        return bytes;
    }

    private static List<Integer> integers(final RawClient.Reply reply)
    {
        final List<Integer> found = new ArrayList<>();
        for (int i = 0; i < reply.data().length; i += Integer.BYTES)
        {
            found.add(reply.integer(i));
        }
        return found;
    }
}
