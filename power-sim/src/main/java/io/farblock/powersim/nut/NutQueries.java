package io.farblock.powersim.nut;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers GET and LIST, word for word as upsd 2.8 does. One thread. */
final class NutQueries
{
    private final NutSource source;
    private final NutLogins logins;

    NutQueries(final NutSource source, final NutLogins logins)
    {
        this.source = source;
        this.logins = logins;
    }

    String get(final List<String> words) throws NutError
    {
        final String what = word(words, 0).toUpperCase(Locale.ROOT);
        final String ups = word(words, 1);
        final String line = what + ' ' + ups + ' ';
        switch (what)
        {
            case "VAR":
                return line + word(words, 2) + ' ' + NutWords.quoted(variable(ups, words.get(2))) + '\n';
            case "TYPE":
                return line + word(words, 2) + ' ' +
                    NutVocabulary.type(words.get(2), variable(ups, words.get(2))) + '\n';
            case "DESC":
                word(words, 2);
                NutSession.variables(source, ups);
                return line + words.get(2) + ' ' + NutWords.quoted(NutVocabulary.description(words.get(2))) + '\n';
            case "CMDDESC":
                word(words, 2);
                NutSession.variables(source, ups);
                final NutVocabulary.Command command = NutVocabulary.COMMANDS.get(words.get(2));
                return line + words.get(2) + ' ' + NutWords.quoted(
                    command == null ? NutVocabulary.NO_DESCRIPTION : command.description()) + '\n';
            case "NUMLOGINS":
                NutSession.variables(source, ups);
                return line + logins.addresses(ups).size() + '\n';
            case "UPSDESC":
                return line + NutWords.quoted(description(ups)) + '\n';
            default:
                throw new NutError("INVALID-ARGUMENT");
        }
    }

    private String variable(final String ups, final String name) throws NutError
    {
        final String value = NutSession.variables(source, ups).get(name);
        if (value == null)
        {
            throw new NutError("VAR-NOT-SUPPORTED");
        }
        return value;
    }

    private String description(final String ups) throws NutError
    {
        NutSession.requireUps(source, ups);
        return source.ask(ups, (sim) -> sim.spec().description());
    }

    String list(final List<String> words) throws NutError
    {
        final String what = word(words, 0).toUpperCase(Locale.ROOT);
        switch (what)
        {
            case "UPS":
                final StringBuilder upses = new StringBuilder();
                for (final String ups : source.names())
                {
                    upses.append("UPS ").append(ups).append(' ').append(NutWords.quoted(description(ups)))
                        .append('\n');
                }
                return listed("UPS", upses.toString());
            case "VAR":
                return listed("VAR", word(words, 1), NutSession.variables(source, words.get(1)).entrySet().stream()
                    .map(NutQueries::pair));
            case "RW":
                return listed("RW", word(words, 1), NutSession.variables(source, words.get(1)).entrySet().stream()
                    .filter((entry) -> NutVocabulary.SETTINGS.containsKey(entry.getKey())).map(NutQueries::pair));
            case "CMD":
                word(words, 1);
                NutSession.variables(source, words.get(1));
                return listed("CMD", words.get(1), NutVocabulary.COMMANDS.keySet().stream());
            case "CLIENT":
                NutSession.requireUps(source, word(words, 1));
                return listed("CLIENT", words.get(1), logins.addresses(words.get(1)).stream());
            case "ENUM":
                return values(words, what, (setting) -> Stream.empty());
            case "RANGE":
                return values(words, what, (setting) ->
                    Stream.of("\"" + setting.least() + "\" \"" + setting.most() + '"'));
            default:
                throw new NutError("INVALID-ARGUMENT");
        }
    }

    private String values(final List<String> words, final String what,
        final Function<NutVocabulary.Setting, Stream<String>> lines) throws NutError
    {
        final String name = word(words, 2);
        variable(words.get(1), name);
        final NutVocabulary.Setting setting = NutVocabulary.SETTINGS.get(name);
        return listed(what, words.get(1) + ' ' + name, setting == null ? Stream.empty() : lines.apply(setting));
    }

    private static String pair(final Map.Entry<String, String> entry)
    {
        return entry.getKey() + ' ' + NutWords.quoted(entry.getValue());
    }

    private static String listed(final String what, final String about, final Stream<String> lines)
    {
        final String head = what + ' ' + about;
        return listed(head, lines.map((line) -> head + ' ' + line + '\n').collect(Collectors.joining()));
    }

    private static String listed(final String head, final String lines)
    {
        return "BEGIN LIST " + head + '\n' + lines + "END LIST " + head + '\n';
    }

    private static String word(final List<String> words, final int number) throws NutError
    {
        if (number >= words.size())
        {
            throw new NutError("INVALID-ARGUMENT");
        }
        return words.get(number);
    }
}
