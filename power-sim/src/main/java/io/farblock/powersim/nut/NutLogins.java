package io.farblock.powersim.nut;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who has logged in to which UPS: a primary waits until nobody else is. Any thread. */
final class NutLogins
{
    /** Whoever logs in, and the UPS and address that it did with. */
    private record Login(String ups, String address)
    {
    }

    private final Map<Object, Login> logins = new LinkedHashMap<>();

    synchronized void add(final Object session, final String ups, final String address)
    {
        logins.put(session, new Login(ups, address));
    }

    synchronized void remove(final Object session)
    {
        logins.remove(session);
    }

    synchronized List<String> addresses(final String ups)
    {
        return logins.values().stream().filter((login) -> login.ups.equals(ups)).map(Login::address).toList();
    }
}
