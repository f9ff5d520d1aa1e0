package io.farblock.daemon.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Java file as text.
 *
 * @param module    the module that it lies in.
 * @param path      from the project's root, as it is shown.
 * @param lineCount as it was written.
 * @param code      its lines without comments and without what stands between quotes, so that rules see code only.
 */
record SourceFile(String module, String path, int lineCount, List<String> code)
{
    private static final Pattern PACKAGE = Pattern.compile("^package\\s+([\\w.]+);");
    /** A comment, a text block, a string, a character: whichever begins first hides what it holds. */
    private static final Pattern HIDDEN = Pattern.compile("//[^\n]*|(?s:/\\*.*?\\*/)|" +
        "\"\"\"(?s:.*?)(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])*+'");
    private static final List<String> MODULES =
        List.of("blockdev-native", "replication", "raid-sim", "power-sim", "daemon");

    static SourceFile of(final String module, final String path, final String text)
    {
        return new SourceFile(module, path, (int)text.lines().count(), stripped(text).lines().toList());
    }

    /** Every Java file of every module under src/{@code kind}/java. */
    static List<SourceFile> all(final Path root, final String kind)
    {
        final List<SourceFile> files = new ArrayList<>();
        for (final String module : MODULES)
        {
            final Path directory = root.resolve(module).resolve("src/" + kind + "/java");
            if (Files.isDirectory(directory))
            {
                try (Stream<Path> found = Files.walk(directory))
                {
                    for (final Path file : found.filter((p) -> p.toString().endsWith(".java")).sorted().toList())
                    {
                        files.add(of(module, root.relativize(file).toString(), Files.readString(file)));
                    }
                }
                catch (final IOException e)
                {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return files;
    }

    String fileName()
    {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    String packageName()
    {
        return code.stream().map(PACKAGE::matcher).filter(Matcher::find).map((m) -> m.group(1)).findFirst()
            .orElse("");
    }

    /** Whether the file lies in one of the packages or below it. */
    boolean isIn(final String... packages)
    {
        return Stream.of(packages).anyMatch((p) -> (packageName() + ".").startsWith("io.farblock." + p + "."));
    }

    /** "path:line: why" for each line of code that matches. */
    List<String> linesThat(final Predicate<String> matches, final String why)
    {
        final List<String> found = new ArrayList<>();
        for (int i = 0; i < code.size(); i++)
        {
            if (matches.test(code.get(i)))
            {
                found.add(path + ":" + (i + 1) + ": " + why);
            }
        }
        return found;
    }

    /** Leaves out comments and the insides of quotes; line ends stay, so line numbers do too. */
    private static String stripped(final String text)
    {
        return HIDDEN.matcher(text).replaceAll((m) ->
        {
            final String lineEnds = m.group().replaceAll("[^\n]", "");
            return m.group().startsWith("/") ? lineEnds : "\"\"" + lineEnds;
        });
    }
}
