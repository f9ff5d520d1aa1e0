package io.farblock.daemon.power.nut;

import java.nio.charset.StandardCharsets;

/** Bytes of one line until its end has come; one longer than any real answer is refused. One thread. */
final class LineBuffer
{
    /** upsd itself writes no line of more than 1 KiB. */
    static final int LONGEST_BYTES = 4096;

    /** What a byte led to. */
    enum Outcome
    {
        /** The line goes on. */
        MORE,
        /** It has ended and can be taken. */
        LINE,
        /** It is too long, or the byte belongs to no text; nothing more can be made of this stream. */
        REFUSED
    }

    private final byte[] bytes = new byte[LONGEST_BYTES];
    private int length;

    Outcome add(final byte next)
    {
        if (next == '\n')
        {
            return Outcome.LINE;
        }
        // Bytes from 0x80 on are negative here, and may be somebody's letters.
        final boolean isText = next >= ' ' && next != 0x7f || next < 0 || next == '\t' || next == '\r';
        if (!isText || length == LONGEST_BYTES)
        {
            return Outcome.REFUSED;
        }
        bytes[length++] = next;
        return Outcome.MORE;
    }

    /** The line without its end, once; the next one begins. */
    String take()
    {
        final int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        final String line = new String(bytes, 0, end, StandardCharsets.UTF_8).replace('\t', ' ').replace('\r', ' ');
        length = 0;
        return line;
    }
}
