package io.farblock.powersim.plan;

import java.util.List;

/** A file that cannot be used. Holds what people are to read: one line for each mistake, and nothing else. */
public final class PlanException extends Exception
{
    private final transient List<String> lines;

    public PlanException(final List<String> lines)
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
