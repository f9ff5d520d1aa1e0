package io.farblock.blockdev.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The types of the running kernel, as it describes them itself: where the fields of a structure lie, and which type
 * number a tracepoint has. Read when programs are loaded (some tens of milliseconds), immutable, thread safe.
 *
 * <pre>
 *   header   u16 magic 0xeb9f, u8 version, u8 flags, u32 header length,
 *            u32 type offset, u32 type length, u32 string offset, u32 string length
 *   type     u32 name, u32 info (kind: bits 24-28, count: bits 0-15, bit 31: bit fields), u32 size or type, details
 *   member   u32 name, u32 type, u32 offset in bits
 *   argument u32 name, u32 type
 * </pre>
 *
 * What is not there or not understood is a {@link BpfException} that names it: such a kernel cannot be tracked.
 */
final class Btf
{
    static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");

    private static final int INT = 1;
    private static final int PTR = 2;
    private static final int STRUCT = 4;
    private static final int UNION = 5;
    private static final int ENUM = 6;
    private static final int TYPEDEF = 8;
    private static final int FUNC_PROTO = 13;
    private static final int ENUM64 = 19;
    /** Bytes after the first 12 of a type, by kind: fixed, and for each of its count. */
    private static final int[] FIXED = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
    private static final int[] EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
    private static final int MAX_NESTING = 32;

    private final ByteBuffer data;
    private final int strings;
    /** Where each type begins, by its number; numbers start at 1. */
    private int[] types = new int[1 << 16];
    private int count = 1;

    /** Where a field lies in its outermost structure, and how wide it is. */
    record Field(int offset, int sizeBytes)
    {
    }

    private Btf(final ByteBuffer data) throws BpfException
    {
        this.data = data.order(ByteOrder.LITTLE_ENDIAN);
        if (data.capacity() < 24 || (data.getShort(0) & 0xffff) != 0xeb9f)
        {
            throw new BpfException("type information is not BTF; expected the magic number 0xeb9f");
        }
        final int header = data.getInt(4);
        strings = header + data.getInt(16);
        final int end = header + data.getInt(8) + data.getInt(12);
        if (header < 24 || end > data.capacity() || strings > data.capacity())
        {
            throw new BpfException("type information ends at " + data.capacity() + ", expected " + end);
        }
        index(header + data.getInt(8), end);
    }

    static Btf ofKernel() throws BpfException
    {
        final byte[] bytes;
        try
        {
            bytes = Files.readAllBytes(KERNEL);
        }
        catch (final IOException ex)
        {
            throw new BpfException("cannot read the kernel's type information " + KERNEL + " (" + ex.getMessage() +
                "); expected a kernel with CONFIG_DEBUG_INFO_BTF");
        }
        return parse(bytes);
    }

    static Btf parse(final byte[] bytes) throws BpfException
    {
        return new Btf(ByteBuffer.wrap(bytes));
    }

    /** The number of the type that stands for a tracepoint's signature. */
    int tracepoint(final String name) throws BpfException
    {
        final int type = find(TYPEDEF, "btf_trace_" + name);
        if (type == 0)
        {
            throw new BpfException("the kernel has no tracepoint " + name);
        }
        return type;
    }

    /** Which argument of a tracepoint is a pointer to a structure, from 0. */
    int argument(final String tracepoint, final String struct) throws BpfException
    {
        final int signature = signature(tracepoint);
        for (int i = 1; i < count(signature); i++)
        {
            final int type = resolved(data.getInt(types[signature] + 12 + i * 8 + 4));
            if (kind(type) == PTR && struct.equals(name(resolved(reference(type)))))
            {
                // the first argument of the signature is the tracepoint's own and is not passed on
                return i - 1;
            }
        }
        throw new BpfException("the tracepoint " + tracepoint + " has no argument struct " + struct);
    }

    /** The last argument of a tracepoint, from 0. */
    int lastArgument(final String tracepoint) throws BpfException
    {
        return count(signature(tracepoint)) - 2;
    }

    boolean has(final String struct, final String member)
    {
        final int type = find(STRUCT, struct);
        return type != 0 && memberOf(type, member, 0, 0) != null;
    }

    /** The field that a path of names leads to, through structures inside of structures, not through pointers. */
    Field field(final String struct, final String... path) throws BpfException
    {
        int type = find(STRUCT, struct);
        int offset = 0;
        for (final String name : path)
        {
            final int[] member = type == 0 ? null : memberOf(type, name, 0, 0);
            if (member == null)
            {
                throw new BpfException("the kernel's struct " + struct + " has no field " + String.join(".", path));
            }
            type = resolved(member[0]);
            offset += member[1];
        }
        final int kind = kind(type);
        final boolean sized = kind == INT || kind == ENUM || kind == ENUM64 || kind == STRUCT || kind == UNION;
        return new Field(offset, kind == PTR ? 8 : sized ? reference(type) : 0);
    }

    private int signature(final String tracepoint) throws BpfException
    {
        final int signature = resolved(reference(resolved(tracepoint(tracepoint))));
        if (kind(signature) != FUNC_PROTO)
        {
            throw new BpfException("the tracepoint " + tracepoint + " has no signature");
        }
        return signature;
    }

    private void index(final int start, final int end) throws BpfException
    {
        int at = start;
        while (at < end)
        {
            if (count == types.length)
            {
                types = Arrays.copyOf(types, count * 2);
            }
            types[count++] = at;
            final int kind = kind(count - 1);
            if (kind == 0 || kind >= FIXED.length)
            {
                throw new BpfException("type " + (count - 1) + " is of kind " + kind + ", expected 1 to 19");
            }
            at += 12 + FIXED[kind] + EACH[kind] * count(count - 1);
        }
    }

    /** The type and byte offset of a member, also of one inside an anonymous structure or union; or null. */
    private int[] memberOf(final int struct, final String member, final int offset, final int depth)
    {
        final boolean bitFields = info(struct) < 0;
        for (int i = 0; i < count(struct); i++)
        {
            final int at = types[struct] + 12 + i * 12;
            final int type = data.getInt(at + 4);
            final int bits = data.getInt(at + 8);
            final int memberOffset = offset + (bitFields ? bits & 0xffffff : bits) / 8;
            final int inner = resolved(type);
            if (isName(data.getInt(at), member))
            {
                return new int[]{type, memberOffset};
            }
            if (data.getInt(at) == 0 && (kind(inner) == STRUCT || kind(inner) == UNION) && depth < MAX_NESTING)
            {
                final int[] found = memberOf(inner, member, memberOffset, depth + 1);
                if (found != null)
                {
                    return found;
                }
            }
        }
        return null;
    }

    private int find(final int kind, final String name)
    {
        for (int type = 1; type < count; type++)
        {
            if (kind(type) == kind && isName(data.getInt(types[type]), name))
            {
                return type;
            }
        }
        return 0;
    }

    /** What a chain of typedefs and qualifiers (volatile, const, restrict, tag) stands for; 0 is void. */
    private int resolved(final int type)
    {
        int at = type;
        for (int i = 0; i < MAX_NESTING && at > 0 && at < count; i++)
        {
            final int kind = kind(at);
            if (kind != TYPEDEF && kind != 9 && kind != 10 && kind != 11 && kind != 18)
            {
                return at;
            }
            at = reference(at);
        }
        return 0;
    }

    private String name(final int type)
    {
        final int start = strings + data.getInt(types[type]);
        int end = start;
        while (data.get(end) != 0)
        {
            end++;
        }
        return new String(data.array(), start, end - start, StandardCharsets.UTF_8);
    }

    private boolean isName(final int offset, final String name)
    {
        final int at = strings + offset;
        for (int i = 0; i < name.length(); i++)
        {
            if (data.get(at + i) != name.charAt(i))
            {
                return false;
            }
        }
        return data.get(at + name.length()) == 0;
    }

    private int info(final int type)
    {
        return data.getInt(types[type] + 4);
    }

    private int kind(final int type)
    {
        return type == 0 ? 0 : info(type) >> 24 & 0x1f;
    }

    private int count(final int type)
    {
        return info(type) & 0xffff;
    }

    private int reference(final int type)
    {
        return data.getInt(types[type] + 8);
    }
}
