package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The proof that native arguments arrive: passes here, and fails in a JVM that lacks the flag. */
class NativeSelfTestTest
{
    @Test
    void shouldPassWithTheFlag()
    {
        NativeSelfTest.verify();

        NativeSelfTest.verify();
    }

    @Test
    void shouldNameTheFlagWhenItIsMissing() throws IOException
    {
        Assumptions.assumeTrue("amd64".equals(System.getProperty("os.arch")), "only x86-64 has the fault");

        final String output = runWithStubCompiler("true");

        assertThat(output).contains("IllegalStateException: native calls are broken")
            .contains("-Djnr.ffi.x86asm.enabled=false (found true)");
    }

    @Test
    void shouldBeQuietInAJvmOfItsOwn() throws IOException
    {
        final String output = runWithStubCompiler("false");

        assertThat(output).isEqualTo("passed");
    }

    private static String runWithStubCompiler(final String enabled) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" 2>&1; true", "sh",
            ProcessHandle.current().info().command().orElse("java"), "-Xshare:auto",
            "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 23)
        {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-Djnr.ffi.x86asm.enabled=" + enabled, "-cp", System.getProperty("java.class.path"),
            NativeSelfTestTest.class.getName()));
        return LoopDevice.run(command);
    }

    /** What the other JVM runs. */
    public static void main(final String[] args)
    {
        NativeSelfTest.verify();
        System.out.print("passed");
    }
}
