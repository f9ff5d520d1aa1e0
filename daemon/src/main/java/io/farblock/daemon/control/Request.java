package io.farblock.daemon.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One line from a client.
 *
 * @param command status, epoch, verify or reload.
 * @param group   for epoch and verify.
 * @param waits   {@code wait} on the wire; for epoch: stream progress and answer when it is sealed.
 * @param repair  for verify: send damaged ranges again.
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Request(String command, String group, @JsonProperty("wait") boolean waits, boolean repair)
{
    public static Request status()
    {
        return new Request("status", null, false, false);
    }

    public static Request reload()
    {
        return new Request("reload", null, false, false);
    }

    public static Request epoch(final String group, final boolean waits)
    {
        return new Request("epoch", group, waits, false);
    }

    public static Request verify(final String group, final boolean repair)
    {
        return new Request("verify", group, false, repair);
    }
}
