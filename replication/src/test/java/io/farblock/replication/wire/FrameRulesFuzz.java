package io.farblock.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.farblock.replication.fuzz.FrameScript;
import io.farblock.replication.fuzz.Script;
import io.farblock.replication.fuzz.WireSchema;
import io.farblock.replication.fuzz.WireSchema.Field;
import io.farblock.replication.fuzz.WireSchema.Kind;
import io.farblock.replication.fuzz.WireSchema.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** What the rules let pass can be read: every fixed field lies within the frame, and an answer's data fill it. */
final class FrameRulesFuzz
{
    private static final int HEADER_BYTES = 8;
    private final FrameScript frames = new FrameScript(List.of("alpha", ""));

    @FuzzTest
    void judge(final byte[] input)
    {
        final Script script = new Script(input);
        final UnsafeBuffer frame = new UnsafeBuffer(
            script.choice(8) == 0 ? ByteBuffer.wrap(script.octets(input.length)) : frames.next(script));

        final int template = FrameRules.templateOf(frame);

        if (template < 0)
        {
            return;
        }
        final Message message = WireSchema.CURRENT.messages().stream()
            .filter(known -> known.template() == template).findFirst().orElseThrow();
        final int dataAt = Frame.BODY_OFFSET + HEADER_BYTES + message.fixedBytes();
        assertThat(frame.capacity()).isGreaterThanOrEqualTo(dataAt);
        if (FrameRules.isStream(template))
        {
            assertThat(FrameRules.sequenceOf(frame))
                .isEqualTo(frame.getLong(Frame.BODY_OFFSET + HEADER_BYTES, ByteOrder.LITTLE_ENDIAN));
        }
        final List<Field> data = message.fields().stream().filter(field -> field.kind() != Kind.FIXED).toList();
        if (data.size() == 1 && isAnswer(message) && FrameRules.isComplete(template, frame, 0, frame.capacity()))
        {
            final int widthBytes = data.get(0).bytes();
            final long dataBytes = widthBytes == 2 ? frame.getShort(dataAt, ByteOrder.LITTLE_ENDIAN) & 0xFFFF
                : frame.getInt(dataAt, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            assertThat(dataAt + widthBytes + dataBytes).isEqualTo(frame.capacity());
        }
    }

    private static boolean isAnswer(final Message message)
    {
        return List.of("VolumeState", "TreePages", "RangeVerified").contains(message.name());
    }
}
