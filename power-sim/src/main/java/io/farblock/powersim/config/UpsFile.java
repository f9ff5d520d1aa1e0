package io.farblock.powersim.config;

import io.farblock.powersim.nut.NutUser;
import io.farblock.powersim.plan.PlanException;
import io.farblock.powersim.plan.PlanTable;
import io.farblock.powersim.plan.PlanText;
import io.farblock.powersim.ups.UpsSpec;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Makes a setup of a file, or tells all that is wrong with it. One thread, one file. */
public final class UpsFile
{
    private static final int MOST_UPSES = 64;
    private static final int MOST_USERS = 64;
    private static final List<String> SERVER_KEYS = List.of("listen", "certificate", "speed", "scenario");
    private static final List<String> USER_KEYS = List.of("name", "password", "upsmon", "commands");
    private static final List<String> ROLES =
        Stream.of(NutUser.Role.values()).map((role) -> role.name().toLowerCase(Locale.ROOT)).toList();
    /** A simulated day in a second and a half. */
    private static final double FASTEST = 60_000;
    private static final String ANY_PORT_OF_LOOPBACK = "127.0.0.1:3493";

    private final Path file;

    private UpsFile(final Path file)
    {
        this.file = file.toAbsolutePath().normalize();
    }

    /** @throws PlanException with every mistake in it. */
    public static UpsSetup read(final Path file) throws PlanException
    {
        return new UpsFile(file).parse(
            PlanText.parse(file.toString(), PlanText.of(file, "UPSes"), "UPSes"));
    }

    private UpsSetup parse(final PlanTable root) throws PlanException
    {
        root.requireKnown(List.of("server", "user", "ups"));
        final PlanTable server = root.has("server") ? root.table("server", "[server] with its keys") : null;
        if (server != null)
        {
            server.requireKnown(SERVER_KEYS);
        }
        final List<UpsSpec> upses = upses(root);
        final List<NutUser> users = new ArrayList<>();
        if (root.has("user"))
        {
            root.tables("user", MOST_USERS).forEach((table) -> users.add(user(table)));
        }
        final UpsSetup setup = new UpsSetup(file, listen(server), path(server, "certificate"),
            server == null ? 1 : server.number("speed", 1, 0.001, FASTEST), path(server, "scenario"), users, upses);
        if (!root.mistakes().isEmpty())
        {
            throw root.mistakes().exception();
        }
        return setup;
    }

    private static List<UpsSpec> upses(final PlanTable root)
    {
        final List<UpsSpec> upses = new ArrayList<>();
        for (final PlanTable table : root.tables("ups", MOST_UPSES))
        {
            final UpsSpec spec = new UpsReader(table).read();
            if (spec != null && upses.stream().anyMatch((other) -> other.name().equals(spec.name())))
            {
                table.wrong("name", "a name that no other UPS has", "rename one of the two");
            }
            else if (spec != null)
            {
                upses.add(spec);
            }
        }
        return upses;
    }

    private static List<HostPort> listen(final PlanTable server)
    {
        final Object value = server == null || !server.has("listen") ? ANY_PORT_OF_LOOPBACK : server.value("listen");
        try
        {
            return List.of(HostPort.parse(value instanceof String text ? text : ""));
        }
        catch (final IllegalArgumentException unreadable)
        {
            server.wrong("listen", unreadable.getMessage(), "correct it");
            return List.of();
        }
    }

    private Path path(final PlanTable server, final String key)
    {
        if (server == null || !server.has(key))
        {
            return null;
        }
        final String text = server.text(key, "a path");
        try
        {
            if (text == null || !text.isBlank())
            {
                return text == null ? null : file.getParent().resolve(text).normalize();
            }
        }
        catch (final InvalidPathException unusable)
        {
            // what is wrong with it is said below
        }
        server.wrong(key, "a path", "correct it, or remove it");
        return null;
    }

    private static NutUser user(final PlanTable table)
    {
        table.requireKnown(USER_KEYS);
        final NutUser.Role role =
            NutUser.Role.valueOf(table.word("upsmon", "none", ROLES).toUpperCase(Locale.ROOT));
        return new NutUser(String.valueOf(table.text("name", "a user's name")),
            String.valueOf(table.text("password", "its password")), role, table.flag("commands", false));
    }
}
