package io.farblock.raidsim.config;

import java.util.List;

/** An array file that cannot be used. Holds what people are to read: one line for each mistake, and nothing else. */
public final class ConfigException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    ConfigException(final List<String> lines)
    {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    /** At least one line, each complete in itself. */
    public List<String> lines()
    {
        return lines;
    }
}
