package io.farblock.replication.identity.pairing;

import io.farblock.replication.identity.Fingerprint;
import io.farblock.replication.identity.SiteName;
import io.farblock.replication.identity.pairing.PairingMessage.Confirm;
import io.farblock.replication.identity.pairing.PairingMessage.Hello;
import io.farblock.replication.identity.pairing.PairingMessage.Pinned;
import io.farblock.replication.identity.pairing.PairingMessage.Refused;
import io.farblock.replication.identity.pairing.PairingMessage.Round2;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Messages of a pairing as bytes, big endian. Every length is checked against the type's before it is believed.
 *
 * <pre>
 *    0     1     2         3      4        6
 *   +-----+-----+---------+------+--------+------ ... ------+
 *   | 'F' | 'P' | version |  type| length | body            |
 *   +-----+-----+---------+------+--------+------ ... ------+
 *
 *   1 HELLO     certificate digest (32), first round (1600), name (1 to 63)
 *   2 ROUND_2   second round (800)
 *   3 CONFIRM   tag (32)
 *   4 PINNED    tag (32)
 *   5 REFUSED   number of a PairingEnd (1)
 * </pre>
 *
 * Stateless. Whatever else comes is a {@link PairingException} with GARBAGE.
 */
public final class PairingCodec
{
    public static final int HEADER_BYTES = 6;
    static final int TAG_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int HELLO = 1;
    private static final int ROUND_2 = 2;
    private static final int CONFIRM = 3;
    private static final int PINNED = 4;
    private static final int REFUSED = 5;

    private PairingCodec()
    {
    }

    /** A whole message, header and body. */
    static byte[] encode(final PairingMessage message)
    {
        if (message instanceof Hello hello)
        {
            return frame(HELLO, HexFormat.of().parseHex(hello.card().fingerprint().text().split(":")[1]),
                hello.round1(), hello.card().name().getBytes(StandardCharsets.US_ASCII));
        }
        if (message instanceof Round2 round)
        {
            return frame(ROUND_2, round.round2());
        }
        if (message instanceof Confirm confirm)
        {
            return frame(CONFIRM, confirm.tag());
        }
        if (message instanceof Pinned pinned)
        {
            return frame(PINNED, pinned.tag());
        }
        return frame(REFUSED, new byte[]{(byte)((Refused)message).end().ordinal()});
    }

    /** How much follows this header: no more than 1695 bytes. */
    public static int bodyBytes(final byte[] header) throws PairingException
    {
        if (header.length < HEADER_BYTES || header[0] != 'F' || header[1] != 'P')
        {
            throw garbage("no message of a pairing");
        }
        if (header[2] != VERSION)
        {
            throw garbage("version " + header[2] + " of the pairing, expected " + VERSION);
        }
        final int type = header[3];
        final int length = Short.toUnsignedInt(ByteBuffer.wrap(header).getShort(4));
        final int least = leastBytes(type);
        if (length < least || length > least + (type == HELLO ? SiteName.LONGEST - 1 : 0))
        {
            throw garbage("a message of type " + type + " with " + length + " bytes, expected " + least);
        }
        return length;
    }

    /** From exactly the bytes of one message, whatever they are. */
    public static PairingMessage decode(final byte[] bytes) throws PairingException
    {
        final int length = bodyBytes(bytes);
        if (bytes.length != HEADER_BYTES + length)
        {
            throw garbage(bytes.length + " bytes, expected " + (HEADER_BYTES + length));
        }
        final ByteBuffer body = ByteBuffer.wrap(bytes, HEADER_BYTES, length);
        return switch (bytes[3])
        {
            case HELLO -> hello(body);
            case ROUND_2 -> new Round2(take(body, KeyAgreement.ROUND_2_BYTES));
            case CONFIRM -> new Confirm(take(body, TAG_BYTES));
            case PINNED -> new Pinned(take(body, TAG_BYTES));
            default -> new Refused(PairingEnd.refusal(body.get()));
        };
    }

    private static Hello hello(final ByteBuffer body) throws PairingException
    {
        final Fingerprint fingerprint = Fingerprint.parse(HexFormat.of().formatHex(take(body, DIGEST_BYTES)));
        final byte[] round1 = take(body, KeyAgreement.ROUND_1_BYTES);
        final String name = new String(take(body, body.remaining()), StandardCharsets.US_ASCII);
        if (!SiteName.isValid(name))
        {
            throw garbage("a name that no site can have");
        }
        return new Hello(new SiteCard(name, fingerprint), round1);
    }

    private static int leastBytes(final int type) throws PairingException
    {
        return switch (type)
        {
            case HELLO -> DIGEST_BYTES + KeyAgreement.ROUND_1_BYTES + 1;
            case ROUND_2 -> KeyAgreement.ROUND_2_BYTES;
            case CONFIRM, PINNED -> TAG_BYTES;
            case REFUSED -> 1;
            default -> throw garbage("a message of type " + type + ", expected 1 to " + REFUSED);
        };
    }

    private static byte[] frame(final int type, final byte[]... parts)
    {
        int length = 0;
        for (final byte[] part : parts)
        {
            length += part.length;
        }
        final ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + length).put((byte)'F').put((byte)'P').put(VERSION)
            .put((byte)type).putShort((short)length);
        for (final byte[] part : parts)
        {
            frame.put(part);
        }
        return frame.array();
    }

    private static byte[] take(final ByteBuffer body, final int length)
    {
        final byte[] bytes = new byte[length];
        body.get(bytes);
        return bytes;
    }

    private static PairingException garbage(final String found)
    {
        return new PairingException(PairingEnd.GARBAGE, "found " + found);
    }
}
