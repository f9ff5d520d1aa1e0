package io.farblock.daemon.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Text in aligned columns. One use, one thread. The last column is not padded, and lines have no trailing blanks.
 */
public final class Columns
{
    private final String indent;
    private final List<String[]> rows = new ArrayList<>();

    public Columns(final String indent, final String... headings)
    {
        this.indent = indent;
        rows.add(headings);
    }

    /** @param cells as many as there are headings. */
    public Columns row(final String... cells)
    {
        if (cells.length != rows.get(0).length)
        {
            throw new IllegalArgumentException(cells.length + " cells under " + rows.get(0).length + " headings");
        }
        rows.add(cells);
        return this;
    }

    @Override
    public String toString()
    {
        final int[] widths = new int[rows.get(0).length];
        for (final String[] row : rows)
        {
            for (int i = 0; i < row.length; i++)
            {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        final StringBuilder text = new StringBuilder();
        for (final String[] row : rows)
        {
            final StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.length; i++)
            {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
