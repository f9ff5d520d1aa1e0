package io.farblock.daemon.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launchers against fake JVMs, whose java prints its own path and its arguments, one a line. */
class LauncherTest
{
    private static final String NEWER_FLAG = "--sun-misc-unsafe-memory-access=allow";

    @TempDir
    private Path temporary;
    private Path jvms;
    private Path launcher;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void install() throws IOException
    {
        jvms = Files.createDirectories(temporary.resolve("installed jvms"));
        launcher = Files.createDirectories(temporary.resolve("a place with spaces/bin")).resolve("farblock");
        for (final String command : new String[] {"farblock", "raid-sim", "power-sim"})
        {
            final Path copy = launcher.resolveSibling(command);
            Files.copy(ProjectRoot.find().resolve("daemon/src/dist/bin").resolve(command), copy);
            executable(copy);
        }
        environment.put("FARBLOCK_JVMS", jvms.toString());
    }

    @Test
    void shouldPassTheFlagsOfTheBuildFirst() throws Exception
    {
        jvm(jvms.resolve("seventeen"), "17.0.15");
        final List<String> flags = Arrays.asList(ProjectRoot.property("farblock.jvm.flags").trim().split("\\s+"));

        final Outcome outcome = launch();

        assertThat(outcome.arguments()).startsWith(flags.toArray(new String[0]));
    }

    @Test
    void shouldPreferTheNewestAmongAllPlaces() throws Exception
    {
        jvm(jvms.resolve("a-25"), "25.0.3");
        jvm(jvms.resolve("b-9"), "9.0.4");
        jvm(jvms.resolve("c-17"), "17.0.15");
        environment.put("JAVA_HOME", jvm(temporary.resolve("home"), "21.0.1").toString());

        final Outcome outcome = launch();

        assertThat(outcome.java()).isEqualTo(jvms.resolve("a-25/bin/java").toString());
    }

    @Test
    void shouldTakeJavaHomeAndTheJavaOnThePathAsCandidates() throws Exception
    {
        jvm(jvms.resolve("seventeen"), "17.0.15");
        final Path home = jvm(temporary.resolve("home"), "99-ea");
        environment.put("JAVA_HOME", home.toString());
        final Outcome byHome = launch();
        final Path onPath = jvm(temporary.resolve("on path"), "100");
        environment.put("PATH", onPath.resolve("bin") + ":" + System.getenv("PATH"));

        final Outcome byPath = launch();

        assertThat(byHome.java()).isEqualTo(home.resolve("bin/java").toString());
        assertThat(byPath.java()).isEqualTo(onPath.toRealPath().resolve("bin/java").toString());
    }

    @Test
    void shouldUseNoOtherThanTheNamedJvm() throws Exception
    {
        jvm(jvms.resolve("a-25"), "25.0.3");
        environment.put("FARBLOCK_JAVA_HOME", jvm(temporary.resolve("named"), "17.0.1").toString());
        final Outcome named = launch();
        environment.put("FARBLOCK_JAVA_HOME", jvm(temporary.resolve("too old"), "11.0.20").toString());

        final Outcome tooOld = launch();

        assertThat(named.java()).isEqualTo(temporary.resolve("named/bin/java").toString());
        assertThat(tooOld.status()).isEqualTo(1);
        assertThat(tooOld.lines().get(0)).contains("FARBLOCK_JAVA_HOME=" + temporary.resolve("too old"), "17 or later");
    }

    @Test
    void shouldPassTheUnsafeFlagOnlyToJvmsThatKnowIt() throws Exception
    {
        jvm(jvms.resolve("a"), "22.0.2");
        final Outcome before = launch();
        jvm(jvms.resolve("b"), "23");

        final Outcome from = launch();

        assertThat(before.arguments()).doesNotContain(NEWER_FLAG);
        assertThat(from.arguments()).contains(NEWER_FLAG);
    }

    @Test
    void shouldSayWhatWasFoundWhenNoJvmFits() throws Exception
    {
        jvm(jvms.resolve("old"), "1.8.0_400");
        environment.put("PATH", toolsWithoutJava().toString());

        final Outcome outcome = launch();

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(String.join("\n", outcome.lines())).contains("no JVM of version 17 or later",
            jvms + "/old (version 1)", "apt-get install", "FARBLOCK_JAVA_HOME");
    }

    @Test
    void shouldLetTheOperatorsOptionsComeLastAndKeepArgumentsWhole() throws Exception
    {
        jvm(jvms.resolve("seventeen"), "17.0.15");
        environment.put("FARBLOCK_JAVA_OPTS", "-Xmx2g -Dx=*");
        final Path link = Files.createSymbolicLink(temporary.resolve("link to it"), launcher);

        final Outcome outcome = run(List.of(link.toString(), "status", "two words", "*"));

        final List<String> arguments = outcome.arguments();
        final String home = launcher.getParent().getParent().toRealPath().toString();
        assertThat(arguments.indexOf("-Xmx2g")).isGreaterThan(arguments.indexOf("-Xmx128m"));
        assertThat(arguments).endsWith("-Xmx2g", "-Dx=*", "-cp", home + "/lib/*", "io.farblock.daemon.cli.Main",
            "status", "two words", "*");
    }

    @Test
    void shouldStartThePowerSimulator() throws Exception
    {
        jvm(jvms.resolve("a"), "17.0.15");
        final String simulator = launcher.resolveSibling("power-sim").toString();

        final Outcome serving = run(List.of(simulator, "ups", "serve", "ups.toml"));
        final Outcome exploring = run(List.of(simulator, "explore"));

        assertThat(serving.arguments()).contains("-XX:TieredStopAtLevel=1").doesNotContain("--add-modules")
            .endsWith("io.farblock.powersim.cli.Main", "ups", "serve", "ups.toml");
        assertThat(exploring.arguments()).doesNotContain("-XX:TieredStopAtLevel=1")
            .endsWith("io.farblock.powersim.cli.Main", "explore");
    }

    @Test
    void shouldStartTheSimulatorWithVectorsWhereTheyAre() throws Exception
    {
        final Path without = jvm(jvms.resolve("a"), "17.0.15");
        final Path with = jvm(jvms.resolve("b"), "25.0.1");
        Files.writeString(with.resolve("release"), "MODULES=\"java.base jdk.incubator.vector jdk.net\"\n",
            StandardOpenOption.APPEND);
        final String simulator = launcher.resolveSibling("raid-sim").toString();
        final Outcome serving = run(List.of(simulator, "serve", "array.toml"));
        final Outcome asking = run(List.of(simulator, "status", "array.toml"));
        environment.put("FARBLOCK_JAVA_HOME", without.toString());

        final Outcome plain = run(List.of(simulator, "serve", "array.toml"));

        assertThat(serving.arguments()).contains("--add-modules", "jdk.incubator.vector")
            .endsWith("io.farblock.raidsim.cli.Main", "serve", "array.toml");
        assertThat(asking.arguments()).doesNotContain("--add-modules")
            .endsWith("io.farblock.raidsim.cli.Main", "status", "array.toml");
        assertThat(plain.arguments()).doesNotContain("--add-modules");
    }

    private Outcome launch() throws Exception
    {
        return run(List.of(launcher.toString(), "status"));
    }

    private Outcome run(final List<String> command) throws Exception
    {
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("FARBLOCK_JAVA_HOME");
        builder.environment().remove("FARBLOCK_JAVA_OPTS");
        builder.environment().putAll(environment);
        if (!environment.containsKey("PATH"))
        {
            builder.environment().put("PATH", toolsWithoutJava().toString());
        }
        final Process process = builder.start();
        final List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
        return new Outcome(process.waitFor(), lines);
    }

    /** A PATH that holds what the script itself calls, so that the machine's own java does not take part. */
    private Path toolsWithoutJava() throws IOException
    {
        final Path tools = temporary.resolve("tools");
        if (!Files.exists(tools))
        {
            Files.createDirectories(tools);
            for (final String tool : new String[] {"dirname", "grep", "readlink", "uname"})
            {
                final Path wrapper = tools.resolve(tool);
                Files.writeString(wrapper, "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
                executable(wrapper);
            }
        }
        return tools;
    }

    private static Path jvm(final Path home, final String version) throws IOException
    {
        final Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$0\"\nfor a in \"$@\"; do echo \"$a\"; done\n");
        executable(java);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void executable(final Path file) throws IOException
    {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What the launcher printed: the java that it chose and what it passed, or its complaint. */
    private record Outcome(int status, List<String> lines)
    {
        String java()
        {
            return lines.get(0);
        }

        List<String> arguments()
        {
            return new ArrayList<>(lines.subList(1, lines.size()));
        }
    }
}
