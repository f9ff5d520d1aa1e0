package io.farblock.daemon.power;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Policies for tests: the defaults, and what a test changes of them. */
final class TestPolicy
{
    final Map<PowerState, Set<PowerAction>> actions = new EnumMap<>(PowerPolicy.defaults());
    List<UpsConfig> upses = List.of(ups("one", 1));
    int minSupplies = 1;
    Set<PowerAction> onReplace = Set.of();
    PowerPolicy.Hooks hooks = PowerPolicy.Hooks.NONE;
    Duration reserve = Duration.ofSeconds(60);
    Duration batteryInterval = Duration.ofSeconds(30);

    static UpsConfig ups(final String name, final int powerValue)
    {
        return new UpsConfig(name, "127.0.0.1", 3493, name, powerValue, Duration.ofSeconds(2), Duration.ofSeconds(15),
            UpsConfig.Tls.OFF, null);
    }

    PowerPolicy policy()
    {
        return new PowerPolicy(upses, minSupplies, Duration.ofSeconds(5), reserve, batteryInterval,
            Duration.ofSeconds(60), Duration.ofSeconds(20), actions, onReplace, hooks);
    }
}
