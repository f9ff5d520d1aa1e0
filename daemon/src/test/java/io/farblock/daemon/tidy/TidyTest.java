package io.farblock.daemon.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.dist.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Checkstyle cannot say: the rules of the house that need more than one file, or the name of a replacement. */
class TidyTest
{
    private static final Path ROOT = ProjectRoot.find();
    private static final List<SourceFile> MAIN = SourceFile.all(ROOT, "main");
    private static final List<SourceFile> TESTS = SourceFile.all(ROOT, "test");

    @Test
    void shouldHaveExactlyTheAgreedTopLevel() throws IOException
    {
        try (Stream<Path> entries = Files.list(ROOT))
        {
            final List<String> names = entries.map((p) -> p.getFileName().toString())
                .filter((name) -> !name.startsWith(".") && !name.equals("target"))
                .toList();

            assertThat(names).as("top level; whatever else is needed belongs into a module")
                .containsExactlyInAnyOrder("pom.xml", "blockdev-native", "replication", "raid-sim", "power-sim",
                    "daemon", "systemd", "README.md", "LICENSE");
        }
    }

    @Test
    void shouldSeeTheSources()
    {
        assertThat(MAIN).as("main sources under " + ROOT).hasSizeGreaterThan(10);
        assertThat(TESTS).as("test sources under " + ROOT).isNotEmpty();
    }

    @Test
    void shouldDependInOneDirection()
    {
        assertTidy(Rules.moduleDirection(MAIN));
    }

    @Test
    void shouldConfineLibrariesToTheirPackages()
    {
        assertTidy(Rules.confinedLibraries(MAIN));
        assertTidy(Rules.singleCodec(MAIN));
    }

    @Test
    void shouldNotCallWhatIsInjected()
    {
        assertTidy(Rules.bannedCalls(MAIN));
    }

    @Test
    void shouldNotSleepInTests()
    {
        assertTidy(Rules.sleepingTests(TESTS));
    }

    @Test
    void shouldNameThingsAfterWhatTheyDo()
    {
        assertTidy(Rules.names(MAIN));
    }

    @Test
    void shouldExplainEveryPackage()
    {
        assertTidy(Rules.packageInfos(MAIN));
    }

    @Test
    void shouldStaySmall()
    {
        assertTidy(Rules.sizes(MAIN));
    }

    private static void assertTidy(final List<String> complaints)
    {
        assertThat(complaints).withFailMessage(() -> "\n" + String.join("\n", complaints)).isEmpty();
    }
}
