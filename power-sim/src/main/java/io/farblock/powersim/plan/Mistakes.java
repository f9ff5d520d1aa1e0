package io.farblock.powersim.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a file, so that all of it is reported at once. Used by one thread, for one file. */
public final class Mistakes
{
    /** A file that is something else altogether can be wrong in every line; more than this helps nobody. */
    private static final int MOST_SHOWN = 50;
    private static final int LONGEST_SHOWN = 60;

    private final String file;
    private final List<Mistake> found = new ArrayList<>();

    public Mistakes(final String file)
    {
        this.file = file;
    }

    /** @param value what the file has, or null for nothing. */
    public void add(final int line, final String key, final Object value, final String expected, final String advice)
    {
        found.add(new Mistake(line, file + ":" + line + ": " + key + ": found " + shown(value) + ", expected " +
            expected + " (" + advice + ")"));
    }

    /** For what a key and its value alone do not show. */
    public void add(final int line, final String what, final String complaint)
    {
        found.add(new Mistake(line, file + ":" + line + ": " + what + ": found " + complaint));
    }

    public boolean isEmpty()
    {
        return found.isEmpty();
    }

    public int count()
    {
        return found.size();
    }

    /** All of them in the file's order. */
    public PlanException exception()
    {
        final List<String> lines = new ArrayList<>();
        found.stream().sorted(Comparator.comparingInt(Mistake::line)).limit(MOST_SHOWN)
            .forEach(mistake -> lines.add(mistake.text));
        if (found.size() > MOST_SHOWN)
        {
            lines.add(file + ": " + (found.size() - MOST_SHOWN) + " more mistakes are not shown");
        }
        return new PlanException(lines);
    }

    private static String shown(final Object value)
    {
        if (value == null)
        {
            return "nothing";
        }
        if (value instanceof org.tomlj.TomlTable || value instanceof org.tomlj.TomlArray)
        {
            return value instanceof org.tomlj.TomlTable ? "a table" : "a list";
        }
        final String plain = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        final String cut = plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "...";
        return value instanceof String ? '"' + cut + '"' : cut;
    }

    /** One thing that is wrong, as people read it. Immutable. */
    private record Mistake(int line, String text)
    {
    }
}
