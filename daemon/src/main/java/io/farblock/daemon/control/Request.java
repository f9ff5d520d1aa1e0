package io.farblock.daemon.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One line from a client.
 *
 * @param command status, epoch, verify, reload, path-enable or path-disable.
 * @param group   for epoch and verify.
 * @param waits   {@code wait} on the wire; for epoch: stream progress and answer when it is sealed.
 * @param repair  for verify: send damaged ranges again.
 * @param peer    for paths: where it leads; null when its name is enough.
 * @param path    for paths: its name.
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Request(String command, String group, @JsonProperty("wait") boolean waits, boolean repair,
    String peer, String path)
{
    public static Request status()
    {
        return new Request("status", null, false, false, null, null);
    }

    public static Request reload()
    {
        return new Request("reload", null, false, false, null, null);
    }

    public static Request epoch(final String group, final boolean waits)
    {
        return new Request("epoch", group, waits, false, null, null);
    }

    public static Request verify(final String group, final boolean repair)
    {
        return new Request("verify", group, false, repair, null, null);
    }

    public static Request path(final String peer, final String path, final boolean enabled)
    {
        return new Request(enabled ? "path-enable" : "path-disable", null, false, false, peer, path);
    }
}
