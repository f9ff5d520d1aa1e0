package io.farblock.daemon.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule that cannot fail is no rule: each is fed what it must refuse, and what it must let pass. */
class RulesTest
{
    @Test
    void shouldRefuseAModuleThatLooksUpwards()
    {
        final SourceFile file = source("replication", "replication.source", "import io.farblock.raidsim.Disk;");

        final List<String> found = Rules.moduleDirection(List.of(file));

        assertThat(found).hasSize(1);
        assertThat(found.get(0)).startsWith("replication/X.java:2: replication may use only");
    }

    @Test
    void shouldRefuseAPackageInTheWrongModule()
    {
        assertThat(Rules.moduleDirection(List.of(source("power-sim", "blockdev.dirty", "")))).hasSize(1);
        assertThat(Rules.moduleDirection(List.of(source("power-sim", "powersim.ups", "")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "import jnr.ffi.Pointer;", "import static io.netty.buffer.Unpooled.buffer;", "net.openhft.chronicle.Q q;",
        "import org.tomlj.Toml;", "import picocli.CommandLine;", "import com.github.luben.zstd.Zstd;"})
    void shouldRefuseALibraryOutOfItsPackage(final String line)
    {
        final List<String> found = Rules.confinedLibraries(List.of(source("daemon", "daemon.status", line)));

        assertThat(found).hasSize(1);
        assertThat(found.get(0)).startsWith("daemon/X.java:2: only ");
    }

    @Test
    void shouldLetALibraryBeUsedWhereItBelongs()
    {
        assertThat(Rules.confinedLibraries(List.of(
            source("blockdev-native", "blockdev.linux", "import jnr.ffi.Pointer;"),
            source("replication", "replication.paths", "import io.netty.buffer.ByteBuf;"),
            source("replication", "replication.journal", "import net.openhft.chronicle.queue.ChronicleQueue;"),
            source("replication", "replication.source", "import com.github.luben.zstd.Zstd;"),
            source("daemon", "daemon.config", "import org.tomlj.Toml; // and picocli. is only mentioned"),
            source("daemon", "daemon.cli.epoch", "import picocli.CommandLine;")))).isEmpty();
    }

    @Test
    void shouldRefuseASecondCodec()
    {
        final SourceFile one = source("replication", "replication.source", "import com.github.luben.zstd.Zstd;");
        final SourceFile other = source("replication", "replication.target", "com.github.luben.zstd.Zstd.x();");

        assertThat(Rules.singleCodec(List.of(one))).isEmpty();
        assertThat(Rules.singleCodec(List.of(one, other))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "long t = System.nanoTime();", "LongSupplier t = System::nanoTime;", "x(System.currentTimeMillis());",
        "Thread.sleep(5);", "Random r = new Random(7);", "double d = Math.random();", "Instant.now();",
        "ThreadLocalRandom.current().nextInt();", "System.exit(1);", "e.printStackTrace();",
        "System.out.println();", "System.err.println();"})
    void shouldRefuseABannedCallAndNameItsReplacement(final String line)
    {
        final List<String> found = Rules.bannedCalls(List.of(source("replication", "replication.source", line)));

        assertThat(found).hasSize(1);
        assertThat(found.get(0)).startsWith("replication/X.java:2: banned").contains("instead: ");
    }

    @Test
    void shouldAllowLaunchCodeToTakeTheRealThings()
    {
        final SourceFile main =
            SourceFile.of("daemon", "daemon/Main.java", "package io.farblock.daemon.cli;\nSystem.exit(0);\n");
        final SourceFile command =
            source("daemon", "daemon.cli", "clock = System::nanoTime; System.out.println(new Random());");

        assertThat(Rules.bannedCalls(List.of(main, command))).isEmpty();
        assertThat(Rules.bannedCalls(List.of(source("daemon", "daemon.cli", "System.exit(0);")))).hasSize(1);
    }

    @Test
    void shouldNotReadCommentsAndQuotes()
    {
        final String text = """
            package io.farblock.replication.source;
            // System.exit(1);
            /* Thread.sleep(1);
               new Random() */
            String a = "System.exit(1) \\" // Thread.sleep(1)";
            char quote = '"'; String b = "x"; /* " */
            String c = \"""
                System.exit(1); "Thread.sleep(1)"
                \""";
            Thread.sleep(1);
            """;

        final List<String> found =
            Rules.bannedCalls(List.of(SourceFile.of("replication", "replication/X.java", text)));

        assertThat(found).singleElement().asString().startsWith("replication/X.java:10: ");
    }

    @Test
    void shouldRefuseATestThatSleeps()
    {
        assertThat(Rules.sleepingTests(List.of(source("daemon", "daemon.cli", "Thread.sleep(100);")))).hasSize(1);
    }

    @Test
    void shouldRefuseDrawers()
    {
        assertThat(Rules.names(List.of(source("daemon", "daemon.util", "")))).hasSize(1);
        assertThat(Rules.names(List.of(source("daemon", "daemon.model.disk", "")))).hasSize(1);
        assertThat(Rules.names(List.of(source("daemon", "daemon.cli", "final class PathManager")))).hasSize(1);
        assertThat(Rules.names(List.of(source("daemon", "daemon.cli", "record StageImpl(int x)")))).hasSize(1);
        assertThat(Rules.names(List.of(source("daemon", "daemon.cli", "final class UtilityMeter")))).isEmpty();
    }

    @Test
    void shouldRefuseAPackageWithoutAnExplanation()
    {
        final SourceFile bare = source("daemon", "daemon.cli", "class X");
        final SourceFile info =
            SourceFile.of("daemon", "daemon/package-info.java", "/** Why. */\npackage io.farblock.daemon.cli;\n");

        assertThat(Rules.packageInfos(List.of(bare))).hasSize(1);
        assertThat(Rules.packageInfos(List.of(bare, info))).isEmpty();
    }

    @Test
    void shouldRefuseSourcesThatGrow()
    {
        assertThat(Rules.sizes(ofSizes(10, 151, 10))).isEmpty();
        assertThat(Rules.sizes(ofSizes(10, 151, 151))).anyMatch((c) -> c.contains("median"));
        assertThat(Rules.sizes(ofSizes(1, 1, 1, 1, 1, 1, 1, 1, 351, 351))).anyMatch((c) -> c.contains("percentile"));
        assertThat(Rules.sizes(ofSizes(1, 1, 1, 1, 1, 1, 1, 1, 1, 601))).singleElement().asString().contains("largest");
    }

    private static SourceFile source(final String module, final String packageName, final String line)
    {
        return SourceFile.of(module, module + "/X.java", "package io.farblock." + packageName + ";\n" + line + "\n");
    }

    private static List<SourceFile> ofSizes(final int... lines)
    {
        final List<SourceFile> files = new ArrayList<>();
        for (final int count : lines)
        {
            files.add(SourceFile.of("daemon", "daemon/X" + files.size() + ".java", "\n".repeat(count)));
        }
        return files;
    }
}
