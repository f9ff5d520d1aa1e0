package io.farblock.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.POP2;
import static org.objectweb.asm.Opcodes.SIPUSH;

import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Explorer;
import io.farblock.powersim.explore.Scratch;
import io.farblock.powersim.explore.Violation;
import io.farblock.replication.journal.JournalComponent;
import io.farblock.replication.marks.MarksComponent;
import io.farblock.replication.sim.QuietLog;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * Copies of components whose code does not look at one CRC: loaded anew, with that one call replaced. The explorer
 * reports that something torn is taken for whole, and its id makes that again.
 */
@ExtendWith(QuietLog.class)
final class SkippedCheckTest
{
    private static final int STATES = 20_000;
    /** The life in which a torn page of marks is one that matters. */
    private static final int SEED_OF_MARKS = 30;
    private static final int CRC_AT = 4092;

    @Test
    void shouldNoticeAFrameThatIsNotChecked() throws Exception
    {
        final Violation violation = explore(JournalComponent.class, 1, "io.farblock.replication.journal.JournalSegment",
            "read", "isIntact", method ->
            {
                method.visitInsn(POP2);
                method.visitInsn(POP2);
                method.visitInsn(POP);
                method.visitInsn(ICONST_1);
            });

        assertThat(violation.what()).contains("is taken for intact, but is none that was appended there");
    }

    @Test
    void shouldNoticeAPageOfMarksThatIsNotChecked() throws Exception
    {
        final Violation violation = explore(MarksComponent.class, SEED_OF_MARKS,
            "io.farblock.replication.marks.MarkFile", "sequenceOf", "crc", method ->
            {
                method.visitIntInsn(SIPUSH, CRC_AT);
                method.visitMethodInsn(INVOKEVIRTUAL, "java/nio/ByteBuffer", "getInt", "(I)I", false);
            });

        assertThat(violation.what()).contains("would not be compared");
    }

    private static Violation explore(final Class<? extends CrashComponent> type, final long seed, final String patched,
        final String method, final String call, final Consumer<MethodVisitor> instead) throws Exception
    {
        final CrashComponent copy = (CrashComponent)new Copies(patched, method, call, instead)
            .loadClass(type.getName()).getDeclaredConstructor().newInstance();
        try (Scratch scratch = Scratch.make())
        {
            final List<Violation> violations = new Explorer(copy, scratch.directory()).violationsAtMost(1)
                .explore(seed, STATES).violations();

            assertThat(violations).as("copy without the check").isNotEmpty();
            assertThat(new Explorer(copy, scratch.directory()).replay(violations.get(0).id()).map(Violation::what))
                .hasValue(violations.get(0).what());
            return violations.get(0);
        }
    }

    /** Defines this module's classes anew, one of them without one call. */
    private static final class Copies extends ClassLoader
    {
        private final String patched;
        private final String method;
        private final String call;
        private final Consumer<MethodVisitor> instead;
        private int calls;

        Copies(final String patched, final String method, final String call, final Consumer<MethodVisitor> instead)
        {
            super(SkippedCheckTest.class.getClassLoader());
            this.patched = patched;
            this.method = method;
            this.call = call;
            this.instead = instead;
        }

        @Override
        protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException
        {
            synchronized (getClassLoadingLock(name))
            {
                if (!name.startsWith("io.farblock.replication."))
                {
                    return super.loadClass(name, resolve);
                }
                final Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(final String name) throws ClassNotFoundException
        {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class"))
            {
                final byte[] original = in.readAllBytes();
                final byte[] bytes = name.equals(patched) ? patch(original) : original;
                return defineClass(name, bytes, 0, bytes.length);
            }
            catch (final IOException ex)
            {
                throw new ClassNotFoundException(name, ex);
            }
        }

        private byte[] patch(final byte[] original)
        {
            final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            new ClassReader(original).accept(new ClassVisitor(ASM9, writer)
            {
                @Override
                public MethodVisitor visitMethod(final int access, final String name, final String descriptor,
                    final String signature, final String[] exceptions)
                {
                    final MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                    return name.equals(method) ? new WithoutCall(next) : next;
                }
            }, 0);
            if (calls != 1)
            {
                throw new IllegalStateException(patched + "." + method + " calls " + call + " " + calls +
                    " times, expected once");
            }
            return writer.toByteArray();
        }

        /** Puts other instructions in the place of the call. */
        private final class WithoutCall extends MethodVisitor
        {
            WithoutCall(final MethodVisitor next)
            {
                super(ASM9, next);
            }

            @Override
            public void visitMethodInsn(final int opcode, final String owner, final String name,
                final String descriptor, final boolean isInterface)
            {
                if (name.equals(call))
                {
                    calls++;
                    instead.accept(mv);
                }
                else
                {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                }
            }
        }
    }
}
