package io.farblock.daemon.config;

/**
 * One thing that is wrong in a configuration file. Immutable.
 *
 * @param line     where, from 1.
 * @param key      dotted name of the key.
 * @param found    the value as the file has it, or words for what is missing.
 * @param expected what would be right.
 * @param advice   what to do.
 */
record Mistake(int line, String key, String found, String expected, String advice)
{
    private static final int LONGEST_SHOWN = 60;

    /** The one line that people see. */
    String text(final String file)
    {
        return file + ":" + line + ": " + key + ": found " + found + ", expected " + expected + " (" + advice + ")";
    }

    /** A value as a message shows it: quoted if it is text, on one line, cut if it is long. */
    static String shown(final Object value)
    {
        if (value instanceof org.tomlj.TomlTable)
        {
            return "a table";
        }
        if (value instanceof org.tomlj.TomlArray)
        {
            return "a list";
        }
        final String plain = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        final String cut = plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "...";
        return value instanceof String ? '"' + cut + '"' : cut;
    }
}
