package io.farblock.daemon.config;

import io.farblock.daemon.power.PowerAction;
import io.farblock.daemon.power.PowerPolicy;
import io.farblock.daemon.power.PowerState;
import io.farblock.daemon.power.UpsConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads what is known of the UPSes and what is done about them, and what the figures demand of each other. A key that
 * would have no effect is a mistake, since somebody relies on it. One file, one thread.
 */
final class PowerReader
{
    private static final int MOST_UPSES = 32;
    private static final int MOST_SUPPLIES = 64;
    private static final int LARGEST_PRIORITY = 1_000_000;
    private static final int NUT_PORT = 3493;
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern UPS_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Map<PowerState, ConfigKey> OF_SITE = Map.of(
        PowerState.ONLINE, ConfigKey.POWER_ONLINE, PowerState.ON_BATTERY, ConfigKey.POWER_ON_BATTERY,
        PowerState.LOW, ConfigKey.POWER_LOW, PowerState.FORCED_SHUTDOWN, ConfigKey.POWER_FORCED_SHUTDOWN,
        PowerState.BYPASS, ConfigKey.POWER_BYPASS, PowerState.UNKNOWN, ConfigKey.POWER_UNKNOWN);
    private static final Map<PowerState, ConfigKey> OF_GROUP = Map.of(
        PowerState.ON_BATTERY, ConfigKey.GROUP_ON_BATTERY, PowerState.LOW, ConfigKey.GROUP_LOW,
        PowerState.BYPASS, ConfigKey.GROUP_BYPASS, PowerState.UNKNOWN, ConfigKey.GROUP_UNKNOWN);
    /** What is compared at a reload, by its key; made of the ones above. */
    static final Map<ConfigKey, Function<PowerPolicy, Object>> SHOWN = shown();

    private final Mistakes mistakes;
    private final CrossChecks checks;
    private boolean known;

    PowerReader(final Mistakes mistakes, final CrossChecks checks)
    {
        this.mistakes = mistakes;
        this.checks = checks;
    }

    private static Map<ConfigKey, Function<PowerPolicy, Object>> shown()
    {
        final Map<ConfigKey, Function<PowerPolicy, Object>> shown = new LinkedHashMap<>();
        shown.put(ConfigKey.POWER_MIN_SUPPLIES, PowerPolicy::minSupplies);
        shown.put(ConfigKey.POWER_DEBOUNCE, PowerPolicy::debounce);
        shown.put(ConfigKey.POWER_RESERVE, PowerPolicy::reserve);
        shown.put(ConfigKey.POWER_BATTERY_INTERVAL, PowerPolicy::batteryInterval);
        shown.put(ConfigKey.POWER_RESUME_AFTER, PowerPolicy::resumeAfter);
        shown.put(ConfigKey.POWER_LAST_EPOCH, PowerPolicy::lastEpoch);
        OF_SITE.forEach((state, key) -> shown.put(key, policy -> policy.actions().get(state)));
        shown.put(ConfigKey.POWER_REPLACE_BATTERY, PowerPolicy::onReplace);
        shown.put(ConfigKey.POWER_CHANGED, policy -> policy.hooks().changed());
        shown.put(ConfigKey.POWER_STOPPED, policy -> policy.hooks().stopped());
        shown.put(ConfigKey.POWER_RESUMED, policy -> policy.hooks().resumed());
        shown.put(ConfigKey.POWER_HOOK_LIMIT, policy -> policy.hooks().limitNs());
        return shown;
    }

    /** The policy; null without a UPS, or with a mistake. */
    PowerPolicy read(final TableReader root)
    {
        final List<TableReader> tables = root.tables(Section.UPS);
        final TableReader power = root.table(Section.POWER);
        known = !tables.isEmpty();
        if (tables.isEmpty())
        {
            if (power != null)
            {
                mistakes.add(power.line(), Section.POWER.key(), "[power] without [[ups]]",
                    "at least one [[ups]], as its keys say what is done about them",
                    "add [[ups]] with name and ups, or remove [power]");
            }
            return null;
        }
        if (tables.size() > MOST_UPSES)
        {
            mistakes.add(tables.get(0).line(), Section.UPS.key(), Integer.toString(tables.size()),
                "at most " + MOST_UPSES, "remove some");
        }
        final List<UpsConfig> upses = tables.stream().map(this::ups).toList();
        return policy(power == null ? root.absent(Section.POWER) : power, List.copyOf(upses));
    }

    private UpsConfig ups(final TableReader table)
    {
        final String name = table.name(ConfigKey.UPS_NAME);
        checks.unique(table, ConfigKey.UPS_NAME, name, "");
        final InetSocketAddress server = table.parsed(ConfigKey.UPS_SERVER, PowerReader::server);
        final String ups = table.parsed(ConfigKey.UPS_UPS, PowerReader::upsName);
        final Duration poll = table.parsed(ConfigKey.UPS_POLL, text -> within(text, Duration.ofMillis(100)));
        final Duration stale = table.parsed(ConfigKey.UPS_STALE_AFTER, text -> within(text, Duration.ofMillis(200)));
        if (poll != null && stale != null && stale.compareTo(poll) <= 0)
        {
            table.wrong(ConfigKey.UPS_STALE_AFTER, shown(stale), "more than poll = " + shown(poll),
                "else a UPS would be unknown between two answers: some times the poll");
        }
        final UpsConfig.Tls tls = table.parsed(ConfigKey.UPS_TLS, PowerReader::tls);
        final Path authority = table.optionalPath(ConfigKey.UPS_AUTHORITY);
        if (table.has(ConfigKey.UPS_AUTHORITY) && tls == UpsConfig.Tls.OFF)
        {
            table.wrong(ConfigKey.UPS_AUTHORITY, String.valueOf(authority), "none without tls = \"try\" or \"require\"",
                "it would have no effect: remove it, or set that");
        }
        return new UpsConfig(name, server == null ? "" : server.getHostString(),
            server == null ? NUT_PORT : server.getPort(), ups,
            table.count(ConfigKey.UPS_POWER_VALUE, 1, 0, MOST_SUPPLIES), poll, stale, tls, authority);
    }

    private PowerPolicy policy(final TableReader table, final List<UpsConfig> upses)
    {
        final int minSupplies = table.count(ConfigKey.POWER_MIN_SUPPLIES, 1, 1, MOST_SUPPLIES);
        final int supplies = upses.stream().mapToInt(UpsConfig::powerValue).sum();
        if (minSupplies > supplies)
        {
            table.wrong(ConfigKey.POWER_MIN_SUPPLIES, (long)minSupplies, "at most " + supplies + ", which is the sum " +
                "of all power_value", "else it could never be fed: lower it, or raise power_value of a [[ups]]");
        }
        final Duration debounce = table.parsed(ConfigKey.POWER_DEBOUNCE, text -> within(text, Duration.ZERO));
        upses.stream().filter(ups -> debounce != null && ups.poll() != null && debounce.compareTo(ups.poll()) < 0)
            .findFirst().ifPresent(ups -> table.wrong(ConfigKey.POWER_DEBOUNCE, shown(debounce),
                "no less than poll = " + shown(ups.poll()) + " of ups " + ups.name(),
                "one answer alone would pass for a state that lasts"));
        final Duration reserve = table.parsed(ConfigKey.POWER_RESERVE, text -> within(text, Duration.ZERO));
        final Duration interval = table.parsed(ConfigKey.POWER_BATTERY_INTERVAL, PowerReader::interval);
        final Duration resume = table.parsed(ConfigKey.POWER_RESUME_AFTER, text -> within(text, Duration.ZERO));
        final Duration last = table.parsed(ConfigKey.POWER_LAST_EPOCH, text -> within(text, Duration.ZERO));
        final Map<PowerState, Set<PowerAction>> actions = new EnumMap<>(PowerPolicy.defaults());
        OF_SITE.forEach((state, key) -> put(actions, state, actions(table, key, false)));
        final Set<PowerAction> onReplace = actions(table, ConfigKey.POWER_REPLACE_BATTERY, false);
        return new PowerPolicy(upses, minSupplies, debounce, reserve, interval, resume, last, Map.copyOf(actions),
            onReplace == null ? Set.of() : onReplace, hooks(table));
    }

    private static PowerPolicy.Hooks hooks(final TableReader table)
    {
        final Duration limit = table.parsed(ConfigKey.POWER_HOOK_LIMIT, text -> within(text, Duration.ofMillis(1)));
        final PowerPolicy.Hooks hooks = new PowerPolicy.Hooks(table.command(ConfigKey.POWER_CHANGED),
            table.command(ConfigKey.POWER_STOPPED), table.command(ConfigKey.POWER_RESUMED),
            limit == null ? 0 : limit.toNanos());
        if (table.has(ConfigKey.POWER_HOOK_LIMIT) && hooks.changed().isEmpty() && hooks.stopped().isEmpty() &&
            hooks.resumed().isEmpty())
        {
            table.wrong(ConfigKey.POWER_HOOK_LIMIT, shown(limit), "none without changed, stopped or resumed",
                "it would have no effect: remove it, or name a command");
        }
        return hooks;
    }

    /** What a group has of its own; after {@link #read}. */
    PowerPolicy.OfGroup ofGroup(final TableReader table)
    {
        final int priority = table.count(
            ConfigKey.GROUP_PRIORITY, PowerPolicy.OfGroup.PRIORITY, 0, LARGEST_PRIORITY);
        final Duration interval = table.has(ConfigKey.GROUP_BATTERY_INTERVAL)
            ? table.parsed(ConfigKey.GROUP_BATTERY_INTERVAL, PowerReader::interval) : null;
        final Map<PowerState, Set<PowerAction>> actions = new EnumMap<>(PowerState.class);
        OF_GROUP.forEach((state, key) -> put(actions, state, actions(table, key, true)));
        final List<ConfigKey> keys = new ArrayList<>(OF_GROUP.values());
        keys.add(ConfigKey.GROUP_PRIORITY);
        keys.add(ConfigKey.GROUP_BATTERY_INTERVAL);
        keys.stream().filter(key -> !known && table.has(key)).forEach(key -> table.wrong(
            key, "a value", "none without [[ups]]", "it would have no effect: remove it, or add a [[ups]]"));
        return new PowerPolicy.OfGroup(priority, interval, Map.copyOf(actions));
    }

    private static void put(
        final Map<PowerState, Set<PowerAction>> actions, final PowerState state, final Set<PowerAction> chosen)
    {
        if (chosen != null)
        {
            actions.put(state, chosen);
        }
    }

    /** The words of a key, of which its unit names those that may stand there; null when it is absent or wrong. */
    private static Set<PowerAction> actions(final TableReader table, final ConfigKey key, final boolean ofGroup)
    {
        final List<String> allowed = List.of(key.unit().replace("list of ", "").split(", "));
        final List<PowerAction> chosen = table.words(key, "word", text ->
        {
            if (!allowed.contains(text))
            {
                throw new IllegalArgumentException("some of " + String.join(", ", allowed) +
                    (ofGroup || allowed.contains(PowerAction.STOP.word()) ? "" : ": it is no outage"));
            }
            return PowerAction.valueOf(text.toUpperCase(Locale.ROOT));
        });
        if (chosen != null && chosen.size() > 1 && chosen.contains(PowerAction.HOLD) &&
            (chosen.contains(PowerAction.SEAL) || chosen.contains(PowerAction.DRAIN) ||
                chosen.contains(PowerAction.SHORTEN)))
        {
            table.wrong(key, String.join(", ", chosen.stream().map(PowerAction::word).toList()),
                "hold, or words that begin epochs", "hold begins none: remove it, or the others");
        }
        return chosen == null ? null : chosen.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(chosen));
    }

    private static InetSocketAddress server(final String text)
    {
        final boolean hasPort = text.matches("\\[.*]:\\d+|[^:]*:\\d+");
        return AddressText.parse(hasPort ? text : text + ":" + NUT_PORT, true);
    }

    private static String upsName(final String text)
    {
        if (!UPS_NAME.matcher(text).matches())
        {
            throw new IllegalArgumentException("the name alone, as upsc -l shows it: the server stands in its own key");
        }
        return text;
    }

    private static UpsConfig.Tls tls(final String text)
    {
        return switch (text)
        {
            case "off" -> UpsConfig.Tls.OFF;
            case "try" -> UpsConfig.Tls.TRY;
            case "require" -> UpsConfig.Tls.REQUIRE;
            default -> throw new IllegalArgumentException("off, try or require");
        };
    }

    private static Duration within(final String text, final Duration shortest)
    {
        final Duration duration = DurationText.parse(text);
        if (duration.compareTo(shortest) < 0 || duration.compareTo(LONGEST) > 0)
        {
            throw new IllegalArgumentException("from " + shown(shortest) + " to 1h");
        }
        return duration;
    }

    private static Duration interval(final String text)
    {
        return within(text, Duration.ofSeconds(1));
    }

    private static String shown(final Duration duration)
    {
        return duration == null ? "nothing" : duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s"
            : duration.toMillis() + "ms";
    }
}
