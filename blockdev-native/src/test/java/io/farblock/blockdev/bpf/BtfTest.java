package io.farblock.blockdev.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Types that are written here by hand, and those of the kernel that runs. */
class BtfTest
{
    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

    @Test
    void shouldFindFieldsAlsoInsideOfAnonymousStructures() throws BpfException
    {
        strings.write(0);
        type("unsigned int", 1, 0, 4, 32);
        // struct outer { u32 a; union { u32 b; struct inner c; }; u32 flags; }; struct inner { u32 x; u32 y; }
        type("inner", 4, 2, 8, name("x"), 1, 0, name("y"), 1, 32);
        type("", 5, 2, 8, name("b"), 1, 0, name("c"), 4, 0);
        type("inner_t", 8, 0, 2);
        type("outer", 4, 3, 16, name("a"), 1, 0, 0, 3, 32, name("flags"), 1, 96);

        final Btf btf = Btf.parse(blob());

        assertThat(btf.field("outer", "flags")).isEqualTo(new Btf.Field(12, 4));
        assertThat(btf.field("outer", "b")).isEqualTo(new Btf.Field(4, 4));
        assertThat(btf.field("outer", "c", "y")).isEqualTo(new Btf.Field(8, 4));
        assertThat(btf.has("outer", "y")).isFalse();
        assertThatThrownBy(() -> btf.field("outer", "c", "z")).hasMessageContaining("outer has no field c.z");
        assertThatThrownBy(() -> btf.field("other", "c")).hasMessageContaining("other");
    }

    @Test
    void shouldFindTheArgumentsOfATracepoint() throws BpfException
    {
        strings.write(0);
        type("int", 1, 0, 4, 32);
        type("request", 4, 0, 8);
        type("", 2, 0, 2);
        type("", 2, 0, 0);
        // void (*)(void *, struct request *, int)
        type("", 13, 3, 0, 0, 4, 0, 3, 0, 1);
        type("", 2, 0, 5);
        type("btf_trace_done", 8, 0, 6);

        final Btf btf = Btf.parse(blob());

        assertThat(btf.tracepoint("done")).isEqualTo(7);
        assertThat(btf.argument("done", "request")).isZero();
        assertThat(btf.lastArgument("done")).isEqualTo(1);
        assertThatThrownBy(() -> btf.argument("done", "bio")).hasMessageContaining("no argument struct bio");
        assertThatThrownBy(() -> btf.tracepoint("begun")).hasMessageContaining("no tracepoint begun");
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand()
    {
        strings.write(0);
        type("future", 25, 0, 0);
        final byte[] unknown = blob();

        assertThatThrownBy(() -> Btf.parse(unknown)).hasMessageContaining("kind 25");
        assertThatThrownBy(() -> Btf.parse(new byte[100])).hasMessageContaining("not BTF");
        assertThatThrownBy(() -> Btf.parse(Arrays.copyOf(unknown, 30))).hasMessageContaining("ends at 30");
    }

    @Test
    void shouldUnderstandTheKernelThatRuns() throws BpfException
    {
        Assumptions.assumeTrue(Files.isReadable(Btf.KERNEL), "no type information in this kernel");

        final Btf btf = Btf.ofKernel();

        for (final BlockEvent event : BlockEvent.values())
        {
            assertThat(btf.argument(event.tracepoint(), event.struct())).isBetween(0, 2);
        }
        assertThat(btf.field("bio", "bi_iter", "bi_sector").sizeBytes()).isEqualTo(8);
        assertThat(btf.field("bio", "bi_iter", "bi_size").sizeBytes()).isEqualTo(4);
        assertThat(KernelFields.of(btf, true).toDisk()).isNotEmpty();
    }

    private int name(final String text)
    {
        final int offset = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return offset;
    }

    private void type(final String name, final int kind, final int count, final int sizeOrType, final int... details)
    {
        final ByteBuffer bytes = ByteBuffer.allocate(12 + details.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(name.isEmpty() ? 0 : name(name)).putInt(kind << 24 | count).putInt(sizeOrType);
        Arrays.stream(details).forEach(bytes::putInt);
        types.writeBytes(bytes.array());
    }

    private byte[] blob()
    {
        final ByteBuffer blob = ByteBuffer.allocate(24 + types.size() + strings.size()).order(ByteOrder.LITTLE_ENDIAN);
        blob.putShort((short)0xeb9f).put((byte)1).put((byte)0).putInt(24)
            .putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
        return blob.put(types.toByteArray()).put(strings.toByteArray()).array();
    }
}
