package io.farblock.raidsim.plan;

import io.farblock.blockdev.raid.ArrayState;
import io.farblock.powersim.plan.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads conditions as people write them.
 *
 * <pre>
 *   condition = all { "or" all }         all = one { "and" one }
 *   one       = "not" one
 *             | "rebuild" compare NUMBER "%"      false while none is running
 *             | "time" compare DURATION           since the plan began
 *             | "array" STATE                     degraded, rebuilding, failed, clean, …
 *             | "disk" NUMBER-OR-NAME "failed"
 *   compare   = "&lt;" | "&lt;=" | "&gt;" | "&gt;="
 * </pre>
 *
 * Reads one text and is thrown away; refuses what it cannot read with the words for what was expected.
 */
final class ConditionText
{
    private static final Pattern WORD = Pattern.compile("[<>]=?|%|[^\\s<>=%]+|=+");

    private final List<String> words = new ArrayList<>();
    private final List<PlanDisk> disks;
    private int at;

    private ConditionText(final String text, final List<PlanDisk> disks)
    {
        this.disks = disks;
        final Matcher matcher = WORD.matcher(text);
        while (matcher.find())
        {
            words.add(matcher.group());
        }
    }

    /** @throws IllegalArgumentException with the words for what was expected, and where. */
    static Condition parse(final String text, final List<PlanDisk> disks)
    {
        final ConditionText reader = new ConditionText(text, disks);
        final Condition condition = reader.any();
        if (reader.at < reader.words.size())
        {
            throw reader.expected("\"and\", \"or\" or the end");
        }
        return condition;
    }

    private Condition any()
    {
        Condition condition = all();
        while (skip("or"))
        {
            condition = condition.or(all());
        }
        return condition;
    }

    private Condition all()
    {
        Condition condition = one();
        while (skip("and"))
        {
            condition = condition.and(one());
        }
        return condition;
    }

    private Condition one()
    {
        if (skip("not"))
        {
            return one().not();
        }
        if (skip("rebuild"))
        {
            return rebuild();
        }
        if (skip("time"))
        {
            final String sign = sign();
            final DoublePredicate compared = compared(sign, durationNs());
            return (subject, elapsedNs) -> compared.test(elapsedNs);
        }
        if (skip("array"))
        {
            final ArrayState state = state();
            return (subject, elapsedNs) -> subject.state() == state;
        }
        if (skip("disk"))
        {
            return diskFailed();
        }
        throw expected("\"rebuild\", \"time\", \"array\", \"disk\" or \"not\"");
    }

    private Condition rebuild()
    {
        final String sign = sign();
        final DoublePredicate compared = compared(sign, percent());
        if (!skip("%"))
        {
            throw expected("%");
        }
        return (subject, elapsedNs) ->
        {
            final double done = subject.rebuildPercent();
            return done >= 0 && compared.test(done);
        };
    }

    private Condition diskFailed()
    {
        final int disk = DiskName.find(next(), disks);
        if (disk < 0)
        {
            at--;
            throw expected(DiskName.expected(disks));
        }
        if (!skip("failed"))
        {
            throw expected("\"failed\"");
        }
        return (subject, elapsedNs) -> subject.isFailed(disk);
    }

    private String sign()
    {
        final String sign = next();
        if (!List.of("<", "<=", ">", ">=").contains(sign))
        {
            at--;
            throw expected("one of < <= > >=");
        }
        return sign;
    }

    private static DoublePredicate compared(final String sign, final double limit)
    {
        return switch (sign)
        {
            case "<" -> value -> value < limit;
            case "<=" -> value -> value <= limit;
            case ">" -> value -> value > limit;
            default -> value -> value >= limit;
        };
    }

    private double percent()
    {
        final String word = next();
        if (!word.matches("\\d{1,3}(\\.\\d{1,6})?") || Double.parseDouble(word) > 100)
        {
            at--;
            throw expected("a number from 0 to 100");
        }
        return Double.parseDouble(word);
    }

    private long durationNs()
    {
        final String number = next();
        // "90 s" is as good as "90s"
        final String unit = number.matches("[\\d.]+") ? next() : "";
        try
        {
            return Quantity.durationNs(number + unit);
        }
        catch (final IllegalArgumentException unreadable)
        {
            at -= unit.isEmpty() ? 1 : 2;
            throw expected(unreadable.getMessage());
        }
    }

    private ArrayState state()
    {
        final String word = next();
        for (final ArrayState state : ArrayState.values())
        {
            if (text(state).equals(word))
            {
                return state;
            }
        }
        at--;
        throw expected("one of " +
            Arrays.stream(ArrayState.values()).map(ConditionText::text).collect(Collectors.joining(", ")));
    }

    private static String text(final ArrayState state)
    {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean skip(final String word)
    {
        final boolean there = at < words.size() && words.get(at).equals(word);
        at += there ? 1 : 0;
        return there;
    }

    private String next()
    {
        at++;
        return at <= words.size() ? words.get(at - 1) : "";
    }

    private IllegalArgumentException expected(final String what)
    {
        final String before = at == 0 ? "" : " after \"" + String.join(" ", words.subList(0, at)) + '"';
        return new IllegalArgumentException(what + before);
    }
}
