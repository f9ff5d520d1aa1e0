package io.farblock.powersim.nut;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Carries out SET and INSTCMD. What is ordered is done before it is answered, so whoever tracks it finds it done. One
 * thread.
 */
final class NutOrders
{
    private static final int MOST_TRACKED = 16;
    private static final int LONGEST_NUMBER = 9;

    private final NutSource source;
    private final Deque<String> tracked = new ArrayDeque<>();
    private boolean isTracking;
    private long orders;

    NutOrders(final NutSource source)
    {
        this.source = source;
    }

    /** GET TRACKING, with or without a number. */
    String tracked(final List<String> words) throws NutError
    {
        if (words.size() == 1)
        {
            return isTracking ? "ON\n" : "OFF\n";
        }
        if (!isTracking)
        {
            throw new NutError("FEATURE-NOT-CONFIGURED");
        }
        if (!tracked.contains(words.get(1)))
        {
            throw new NutError("UNKNOWN");
        }
        return "SUCCESS\n";
    }

    String set(final List<String> words, final NutUser user) throws NutError
    {
        if (words.size() == 2 && words.get(0).equalsIgnoreCase("TRACKING"))
        {
            return track(words.get(1).toUpperCase(Locale.ROOT));
        }
        if (words.size() < 4 || !words.get(0).equalsIgnoreCase("VAR"))
        {
            throw new NutError("INVALID-ARGUMENT");
        }
        NutSession.requireUps(source, words.get(1));
        requireRight(user);
        if (!NutSession.variables(source, words.get(1)).containsKey(words.get(2)))
        {
            throw new NutError("VAR-NOT-SUPPORTED");
        }
        final NutVocabulary.Setting setting = NutVocabulary.SETTINGS.get(words.get(2));
        if (setting == null)
        {
            throw new NutError("READONLY");
        }
        final long value = number(words.get(3));
        if (value < setting.least() || value > setting.most())
        {
            throw new NutError("INVALID-VALUE");
        }
        source.ask(words.get(1), (ups) ->
        {
            setting.setter().accept(ups, value);
            return null;
        });
        return done();
    }

    private String track(final String word) throws NutError
    {
        if (!word.equals("ON") && !word.equals("OFF"))
        {
            throw new NutError("INVALID-ARGUMENT");
        }
        isTracking = word.equals("ON");
        return "OK\n";
    }

    String command(final List<String> words, final NutUser user) throws NutError
    {
        if (words.size() < 2 || words.size() > 3)
        {
            throw new NutError("INVALID-ARGUMENT");
        }
        NutSession.requireUps(source, words.get(0));
        requireRight(user);
        NutSession.variables(source, words.get(0));
        final NutVocabulary.Command command = NutVocabulary.COMMANDS.get(words.get(1));
        if (command == null)
        {
            throw new NutError("CMD-NOT-SUPPORTED");
        }
        final Long value = words.size() == 3 ? Long.valueOf(number(words.get(2))) : null;
        source.ask(words.get(0), (ups) ->
        {
            command.action().accept(ups, value);
            return null;
        });
        return done();
    }

    private static void requireRight(final NutUser user) throws NutError
    {
        if (!user.mayCommand())
        {
            throw new NutError("ACCESS-DENIED");
        }
    }

    private static long number(final String text) throws NutError
    {
        if (!text.matches("\\d{1," + LONGEST_NUMBER + "}"))
        {
            throw new NutError("INVALID-VALUE");
        }
        return Long.parseLong(text);
    }

    private String done()
    {
        if (!isTracking)
        {
            return "OK\n";
        }
        if (tracked.size() == MOST_TRACKED)
        {
            tracked.removeFirst();
        }
        tracked.addLast(UUID.nameUUIDFromBytes(
            ("order " + ++orders).getBytes(StandardCharsets.US_ASCII)).toString().toUpperCase(Locale.ROOT));
        return "OK TRACKING " + tracked.getLast() + '\n';
    }
}
