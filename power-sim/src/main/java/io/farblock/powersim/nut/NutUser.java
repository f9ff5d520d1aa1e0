package io.farblock.powersim.nut;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Who may do more than look. An immutable value.
 *
 * @param role     of this user's upsmon.
 * @param mayCommand whether it may set variables and give commands.
 */
public record NutUser(String name, String password, Role role, boolean mayCommand)
{
    /** What an upsmon is to the UPS. */
    public enum Role
    {
        /** No upsmon. */
        NONE,
        /** Leaves when it is told to. */
        SECONDARY,
        /** Tells the others to leave. */
        PRIMARY
    }

    boolean is(final String who, final String secret)
    {
        // in constant time, as it costs nothing here
        return name.equals(who) && MessageDigest.isEqual(
            password.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }
}
