package io.farblock.powersim.serve;

import io.farblock.powersim.command.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes UPSes for programs, as one object on one line; its keys are a contract. A pure function. */
final class StatusJson
{
    private static final double NANOS = 1e9;

    private StatusJson()
    {
    }

    static String of(final RackStatus status)
    {
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("time_seconds", status.timeNs() / NANOS);
        all.put("speed", status.speed());
        all.put("listen", status.addresses());
        all.put("upses", status.upses().stream().map(StatusJson::ups).toList());
        all.put("events", status.events().stream().map((event) ->
            Map.of("time_seconds", event.timeNs() / NANOS, "text", event.text())).toList());
        return JsonText.of(all) + '\n';
    }

    private static Map<String, Object> ups(final UpsStatus ups)
    {
        final Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", ups.name());
        one.put("status", List.of(ups.tokens().split(" ")));
        one.put("input_volts", ups.inputVolts());
        one.put("input_source", ups.inputSource());
        one.put("load_watts", ups.loadWatts());
        one.put("output_on", ups.isOutputOn());
        one.put("output_losses", ups.outputLosses());
        one.put("charge_percent", ups.truth().chargePercent());
        one.put("stored_joules", ups.truth().storedJoules());
        // JSON has no word for what never ends
        one.put("runtime_seconds", Double.isInfinite(ups.truth().secondsLeft()) ? null : ups.truth().secondsLeft());
        one.put("communication", ups.communication().word());
        one.put("says", ups.variables());
        return one;
    }
}
