package io.farblock.daemon.config;

/**
 * Prints {@link ConfigKey} as the table that people read: aligned text for a terminal, Markdown for the manual.
 * Stateless; cannot fail.
 */
public final class ConfigTable
{
    private ConfigTable()
    {
    }

    /** For {@code farblock config show}. */
    public static String text()
    {
        int keyWidth = 0;
        int defaultWidth = 0;
        int unitWidth = 0;
        for (final ConfigKey key : ConfigKey.values())
        {
            keyWidth = Math.max(keyWidth, key.dotted().length());
            defaultWidth = Math.max(defaultWidth, key.defaultText().length());
            unitWidth = Math.max(unitWidth, key.unit().length());
        }
        final String format = "%-" + keyWidth + "s  %-" + defaultWidth + "s  %-" + unitWidth + "s  %s%n";
        final StringBuilder table = new StringBuilder(String.format(format, "KEY", "DEFAULT", "UNIT", "MEANING"));
        for (final ConfigKey key : ConfigKey.values())
        {
            table.append(String.format(format, key.dotted(), key.defaultText(), key.unit(), key.meaning()));
        }
        return table.toString();
    }

    /** For the manual: one table for each table of the file. */
    public static String markdown()
    {
        final StringBuilder page = new StringBuilder();
        Section section = null;
        for (final ConfigKey key : ConfigKey.values())
        {
            if (key.section() != section)
            {
                section = key.section();
                page.append(page.isEmpty() ? "" : "\n");
                page.append("## ").append(section == Section.ROOT ? "Top level" : "`" + section.header() + "`");
                page.append("\n\n| key | default | unit | meaning |\n|---|---|---|---|\n");
            }
            page.append("| `").append(key.key()).append("` | ").append(key.defaultText()).append(" | ")
                .append(key.unit()).append(" | ").append(key.meaning()).append(" |\n");
        }
        return page.toString();
    }
}
