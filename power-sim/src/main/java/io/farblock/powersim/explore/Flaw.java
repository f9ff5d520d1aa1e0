package io.farblock.powersim.explore;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that a component or a medium does not do, or does too late: the proof that the explorer finds it. Asked on
 * the explorer's thread. A site is where it is called from, innermost first: {@code RecordFile.write:107 <
 * SourceTables.commit:165}.
 */
public interface Flaw
{
    /** Whoever only hands requests on: the medium itself, and devices around devices. */
    Pattern HANDS_ON = Pattern.compile("\\.powersim\\.explore\\.|BlockDevice$");

    /** Everything as it should be. */
    Flaw NONE = new Flaw()
    {
    };

    /** Whether what this site makes durable is not made durable. */
    default boolean ignoresSync(final String site)
    {
        return false;
    }

    /** Whether what this site writes comes after the next thing that is made durable, whatever that is. */
    default boolean delaysWrite(final String site)
    {
        return false;
    }

    /** Who calls, beyond what only hands on. */
    static String site()
    {
        final List<String> callers = StackWalker.getInstance().walk(frames -> frames
            .takeWhile(frame -> !frame.getClassName().equals(Explorer.class.getName()))
            .filter(frame -> frame.getClassName().startsWith("io.farblock.") && !HANDS_ON.matcher(
                frame.getClassName()).find())
            .limit(3)
            .map(frame -> frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1) + "." +
                frame.getMethodName() + ":" + frame.getLineNumber())
            .collect(Collectors.toList()));
        return String.join(" < ", callers);
    }
}
