package io.farblock.daemon.tidy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules, from source text to complaints; each complaint says where, what, and what to do instead. */
final class Rules
{
    /** What each module is made of, and which packages of the others its code may name. */
    private static final Map<String, List<String>> MAY_USE = Map.of(
        "blockdev-native", List.of("blockdev"),
        "raid-sim", List.of("raidsim", "blockdev"),
        "power-sim", List.of("powersim", "blockdev"),
        "replication", List.of("replication", "blockdev"),
        "daemon", List.of("daemon", "replication", "blockdev"));

    /** A library and the only place that may name it. */
    private record Confined(String library, String remedy, Predicate<SourceFile> home)
    {
    }

    private static final List<Confined> CONFINED = List.of(
        new Confined("jnr", "only io.farblock.blockdev.linux and .bpf call the kernel: add a method there",
            (f) -> f.isIn("blockdev.linux", "blockdev.bpf")),
        new Confined("io.netty", "only io.farblock.replication.paths and the network front ends " +
            "(blockdev.nbd, daemon.control, daemon.web) know Netty: hand over buffers and addresses",
            (f) -> f.isIn("replication.paths", "blockdev.nbd", "daemon.control", "daemon.web")),
        new Confined("net.openhft", "only io.farblock.replication.journal knows Chronicle: add a method there",
            (f) -> f.isIn("replication.journal")),
        new Confined("com.github.luben.zstd", "only one codec class of io.farblock.replication knows zstd: use it",
            (f) -> f.isIn("replication")),
        new Confined("org.bouncycastle", "only io.farblock.replication.identity makes keys and certificates: " +
            "add a method there", (f) -> f.isIn("replication.identity")),
        new Confined("jdk.incubator", "only io.farblock.raidsim.parity computes with vectors, and does without where " +
            "a JVM has none: give it the work", (f) -> f.isIn("raidsim.parity")),
        new Confined("org.tomlj", "only io.farblock.daemon.config, raidsim.plan and raidsim.config read TOML: take a " +
            "concluded record from them", (f) -> f.isIn("daemon.config", "raidsim.plan", "raidsim.config")),
        new Confined("picocli", "only io.farblock.daemon.cli, raidsim.cli and powersim.cli parse command lines: take " +
            "plain arguments", (f) -> f.isIn("daemon.cli", "raidsim.cli", "powersim.cli")));

    /** A call that hides time, chance, output or the end of the process from whoever must control it. */
    private record Banned(String call, Pattern pattern, String remedy, Predicate<SourceFile> allowed)
    {
        /** {@code Type.method}, called or referred to. */
        Banned(final String call, final String remedy, final Predicate<SourceFile> allowed)
        {
            this(call, Pattern.compile("\\b" + call.replace(".", "\\s*(?:\\.|::)\\s*") + "\\b"), remedy, allowed);
        }
    }

    /** Launch code: where real clocks, real randomness and real processes are taken and injected into the rest. */
    private static final Predicate<SourceFile> LAUNCH =
        (f) -> f.isIn("daemon.cli", "daemon.demo", "daemon.launch", "daemon.bench", "raidsim.cli",
            "powersim.cli");
    private static final Predicate<SourceFile> PEOPLE = (f) -> f.isIn("daemon.cli", "daemon.demo", "raidsim.cli");
    private static final Predicate<SourceFile> NOBODY = (f) -> false;

    private static final Banned SLEEP = new Banned("Thread.sleep",
        "give the agent an IdleStrategy, or wait for a condition with a deadline", LAUNCH);
    private static final List<Banned> BANNED = List.of(
        new Banned("System.nanoTime", "take the injected NanoClock", LAUNCH),
        new Banned("System.currentTimeMillis", "take the injected EpochClock", LAUNCH),
        new Banned("Instant.now", "take the injected EpochClock", LAUNCH),
        SLEEP,
        new Banned("new Random", Pattern.compile("\\bnew\\s+Random\\s*\\(|\\bRandom::new"),
            "take the injected random source", LAUNCH),
        new Banned("Math.random", "take the injected random source", LAUNCH),
        new Banned("ThreadLocalRandom.current", "take the injected random source", LAUNCH),
        new Banned("System.exit", "return a status, or stop acknowledging; only cli.Main ends the process",
            (f) -> f.isIn("daemon.cli", "raidsim.cli", "powersim.cli") && f.fileName().equals("Main.java")),
        new Banned("printStackTrace", "log it, or hand it to the error handler", NOBODY),
        new Banned("System.(out|err)", "log an event; only commands print", PEOPLE));

    private static final Pattern DRAWER =
        Pattern.compile("\\.(utils?|impl|commons?|models?|helpers?|misc|shared)(\\.|$)");
    private static final Pattern DRAWER_TYPE =
        Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w*(?:Manager|Helper|Utils?|Impl))\\b");
    private static final Pattern FARBLOCK = Pattern.compile("\\bio\\.farblock\\.(\\w+)");

    private Rules()
    {
    }

    static List<String> moduleDirection(final List<SourceFile> files)
    {
        final List<String> found = new ArrayList<>();
        for (final SourceFile file : files)
        {
            final List<String> mayUse = MAY_USE.get(file.module());
            if (!file.isIn(mayUse.get(0)))
            {
                found.add(file.path() + ":1: package " + file.packageName() + " does not belong to " + file.module() +
                    ": name it io.farblock." + mayUse.get(0) + "…, or move it");
            }
            found.addAll(file.linesThat((line) -> FARBLOCK.matcher(line).results()
                    .anyMatch((m) -> !mayUse.contains(m.group(1))),
                file.module() + " may use only io.farblock." + String.join(", .", mayUse) +
                    ": turn the dependency round with an interface of its own"));
        }
        return found;
    }

    static List<String> confinedLibraries(final List<SourceFile> files)
    {
        final List<String> found = new ArrayList<>();
        for (final Confined confined : CONFINED)
        {
            final Predicate<String> names =
                Pattern.compile("(?<![\\w.])" + Pattern.quote(confined.library()) + "\\.").asPredicate();
            files.stream().filter(confined.home().negate())
                .forEach((f) -> found.addAll(f.linesThat(names, confined.remedy())));
        }
        return found;
    }

    /** The stage that compresses and the one that decompresses share one class, or limits drift apart. */
    static List<String> singleCodec(final List<SourceFile> files)
    {
        final List<String> users = files.stream()
            .flatMap((f) -> f.linesThat((line) -> line.contains("com.github.luben.zstd"),
                "zstd belongs to one class; these all name it: call the codec instead").stream().limit(1))
            .toList();
        return users.size() <= 1 ? List.of() : users;
    }

    static List<String> bannedCalls(final List<SourceFile> files)
    {
        final List<String> found = new ArrayList<>();
        for (final Banned banned : BANNED)
        {
            files.stream().filter(banned.allowed().negate()).forEach((f) -> found.addAll(f.linesThat(
                banned.pattern().asPredicate(), "banned: " + banned.call() + "; instead: " + banned.remedy())));
        }
        return found;
    }

    static List<String> sleepingTests(final List<SourceFile> files)
    {
        final List<String> found = new ArrayList<>();
        files.forEach((f) -> found.addAll(f.linesThat(SLEEP.pattern().asPredicate(),
            "a test does not sleep: wait for a condition with a deadline, or step an injected clock")));
        return found;
    }

    static List<String> names(final List<SourceFile> files)
    {
        final List<String> found = new ArrayList<>();
        for (final SourceFile file : files)
        {
            if (DRAWER.matcher(file.packageName()).find())
            {
                found.add(file.path() + ":1: package " + file.packageName() +
                    " is a drawer: name it after the step of the flow that it serves");
            }
            for (int i = 0; i < file.code().size(); i++)
            {
                final Matcher matcher = DRAWER_TYPE.matcher(file.code().get(i));
                if (matcher.find())
                {
                    found.add(file.path() + ":" + (i + 1) + ": " + matcher.group(1) +
                        " says nothing: name it after what it does (Stage, Agent, Session, Tool, …)");
                }
            }
        }
        return found;
    }

    static List<String> packageInfos(final List<SourceFile> files)
    {
        final Map<String, SourceFile> without = new HashMap<>();
        final Set<String> with = new TreeSet<>();
        for (final SourceFile file : files)
        {
            if (file.fileName().equals("package-info.java"))
            {
                with.add(file.packageName());
            }
            without.putIfAbsent(file.packageName(), file);
        }
        without.keySet().removeAll(with);
        return without.values().stream().map((f) -> f.path() + ":1: package " + f.packageName() +
            " has no package-info.java: say what flows in and out, on which thread, what is durable after it")
            .sorted().toList();
    }

    static List<String> sizes(final List<SourceFile> files)
    {
        final List<SourceFile> bySize = files.stream().filter((f) -> !f.fileName().equals("package-info.java"))
            .sorted((a, b) -> Integer.compare(a.lineCount(), b.lineCount())).toList();
        final List<String> found = new ArrayList<>();
        if (!bySize.isEmpty())
        {
            limit(found, "median", bySize.get((bySize.size() - 1) / 2), 150);
            limit(found, "90th percentile", bySize.get((int)Math.ceil(bySize.size() * 0.9) - 1), 350);
            limit(found, "largest", bySize.get(bySize.size() - 1), 600);
        }
        return found;
    }

    private static void limit(final List<String> found, final String what, final SourceFile file, final int lines)
    {
        if (file.lineCount() > lines)
        {
            found.add(file.path() + ":" + file.lineCount() + ": the " + what + " main file may have " + lines +
                " lines: split what has two purposes");
        }
    }
}
