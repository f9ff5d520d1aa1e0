package io.farblock.powersim.nut;

import io.farblock.powersim.nut.NutReply.Then;
import io.farblock.powersim.ups.Communication;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One client's conversation: who it is, and an answer to each of its lines. Knows nothing of sockets. One thread; never
 * throws for what a client says.
 */
final class NutSession
{
    private static final String VERSION = "Network UPS Tools upsd 2.8.0 - power-sim of Farblock";
    private static final String PROTOCOL = "1.3";
    private static final String HELP =
        "Commands: HELP VER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS";

    private final NutSource source;
    private final List<NutUser> users;
    private final NutLogins logins;
    private final String address;
    private final boolean canEncrypt;
    private final NutQueries queries;
    private final NutOrders orders;
    private String user;
    private String password;
    private String ups;
    private boolean isEncrypted;

    /** @param address of the client, as others are told it. */
    NutSession(final NutSource source, final List<NutUser> users, final NutLogins logins, final String address,
        final boolean canEncrypt)
    {
        this.source = source;
        this.users = users;
        this.logins = logins;
        this.address = address;
        this.canEncrypt = canEncrypt;
        this.queries = new NutQueries(source, logins);
        this.orders = new NutOrders(source);
    }

    boolean isLoggedIn()
    {
        return ups != null;
    }

    /** Forgets the login; again does nothing. */
    void end()
    {
        logins.remove(this);
    }

    /** @param line without its end. */
    NutReply answer(final String line)
    {
        try
        {
            final List<String> words = NutWords.split(line);
            return answer(words.isEmpty() ? "" : words.get(0).toUpperCase(Locale.ROOT),
                words.isEmpty() ? words : words.subList(1, words.size()));
        }
        catch (final NutError refused)
        {
            return NutReply.of("ERR " + refused.getMessage() + '\n');
        }
        catch (final IllegalArgumentException unreadable)
        {
            return NutReply.of("ERR INVALID-ARGUMENT\n");
        }
    }

    private NutReply answer(final String command, final List<String> words) throws NutError
    {
        return switch (command)
        {
            case "GET" -> NutReply.of(words.size() == 1 && words.get(0).equalsIgnoreCase("TRACKING") ||
                words.size() == 2 && words.get(0).equalsIgnoreCase("TRACKING") ?
                orders.tracked(words) : queries.get(words));
            case "LIST" -> NutReply.of(queries.list(words));
            case "VER" -> alone(words, VERSION);
            case "NETVER", "PROTVER" -> alone(words, PROTOCOL);
            case "HELP" -> alone(words, HELP);
            case "USERNAME" -> name(one(words));
            case "PASSWORD" -> secret(one(words));
            case "LOGIN" -> logIn(one(words));
            case "PRIMARY", "MASTER" -> lead(one(words), command);
            case "FSD" -> force(one(words));
            case "SET" -> NutReply.of(orders.set(words, who()));
            case "INSTCMD" -> NutReply.of(orders.command(words, who()));
            case "STARTTLS" -> encrypt();
            case "LOGOUT" -> new NutReply(alone(words, "OK Goodbye").text(), Then.CLOSE);
            default -> throw new NutError("UNKNOWN-COMMAND");
        };
    }

    private static NutReply alone(final List<String> words, final String text) throws NutError
    {
        if (!words.isEmpty())
        {
            throw new NutError("INVALID-ARGUMENT");
        }
        return NutReply.of(text + '\n');
    }

    private static String one(final List<String> words) throws NutError
    {
        if (words.size() != 1)
        {
            throw new NutError("INVALID-ARGUMENT");
        }
        return words.get(0);
    }

    private NutReply name(final String name) throws NutError
    {
        if (user != null)
        {
            throw new NutError("ALREADY-SET-USERNAME");
        }
        user = name;
        return NutReply.of("OK\n");
    }

    private NutReply secret(final String secret) throws NutError
    {
        if (password != null)
        {
            throw new NutError("ALREADY-SET-PASSWORD");
        }
        password = secret;
        return NutReply.of("OK\n");
    }

    /** A user without rights for one that does not exist, as upsd has it: names are not to be guessed. */
    private NutUser who() throws NutError
    {
        if (user == null)
        {
            throw new NutError("USERNAME-REQUIRED");
        }
        if (password == null)
        {
            throw new NutError("PASSWORD-REQUIRED");
        }
        return users.stream().filter((known) -> known.is(user, password)).findFirst()
            .orElse(new NutUser(user, password, NutUser.Role.NONE, false));
    }

    private NutReply logIn(final String name) throws NutError
    {
        final NutUser known = who();
        if (ups != null)
        {
            throw new NutError("ALREADY-LOGGED-IN");
        }
        requireUps(source, name);
        require(known.role() != NutUser.Role.NONE);
        ups = name;
        logins.add(this, name, address);
        return NutReply.of("OK\n");
    }

    private NutReply lead(final String name, final String word) throws NutError
    {
        final NutUser known = who();
        requireUps(source, name);
        require(known.role() == NutUser.Role.PRIMARY);
        return NutReply.of("OK " + word + "-GRANTED\n");
    }

    private NutReply force(final String name) throws NutError
    {
        final NutUser known = who();
        requireUps(source, name);
        require(known.role() == NutUser.Role.PRIMARY);
        source.ask(name, (sim) ->
        {
            sim.force(true);
            return null;
        });
        return NutReply.of("OK FSD-SET\n");
    }

    private static void require(final boolean isAllowed) throws NutError
    {
        if (!isAllowed)
        {
            throw new NutError("ACCESS-DENIED");
        }
    }

    private NutReply encrypt() throws NutError
    {
        if (isEncrypted)
        {
            throw new NutError("ALREADY-SSL-MODE");
        }
        if (!canEncrypt)
        {
            throw new NutError("FEATURE-NOT-CONFIGURED");
        }
        isEncrypted = true;
        return new NutReply("OK STARTTLS\n", Then.ENCRYPT);
    }

    static void requireUps(final NutSource source, final String name) throws NutError
    {
        if (!source.names().contains(name))
        {
            throw new NutError("UNKNOWN-UPS");
        }
    }

    /** What the UPS says, unless what is known of it is old or its driver is gone. */
    static Map<String, String> variables(final NutSource source, final String name) throws NutError
    {
        requireUps(source, name);
        final Communication communication = source.ask(name, (sim) -> sim.communication());
        if (communication == Communication.STALE)
        {
            throw new NutError("DATA-STALE");
        }
        if (communication == Communication.DRIVER_GONE)
        {
            throw new NutError("DRIVER-NOT-CONNECTED");
        }
        return source.ask(name, (sim) -> sim.variables());
    }
}
