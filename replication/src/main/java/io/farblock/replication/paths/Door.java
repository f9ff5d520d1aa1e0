package io.farblock.replication.paths;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.concurrent.NanoClock;

/**
 * Who stands at the door, and for how long. Whoever has not proved who it is costs a place among few, and gives it up
 * to the next one: among the addresses from which nobody ever proved it, the one with the most places gives one, the
 * oldest that said nothing yet, so that a crowd that holds connections open keeps nobody out. Beginning a handshake
 * costs a token of its address, because that is what costs this side time; an address that has proved itself before
 * does not share the tokens of all. Whoever has proved who it is has a share of the places, so that one site cannot
 * take those of the others.
 *
 * <pre>
 *   arrives ──> silent ──speaks──> shaking ──authenticated──> known ──introduced──> a path; only counted
 *                  └──────────────────┴── 5 s since it arrived ──┘──> sent away
 * </pre>
 *
 * <p>Network's thread. Nothing here grows beyond its limits.
 */
final class Door
{
    static final int STRANGERS = 128;
    static final int STRANGERS_OF_ONE = 16;
    /** Of one certificate, or of one address where there are none: a site has 32 paths at most, and some come again. */
    static final int GUESTS_OF_ONE = 64;
    static final int ADDRESSES_REMEMBERED = 1024;
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    /** A site's paths all begin at once, and again when a line comes back; a few sites may share an address. */
    static final int HANDSHAKES_OF_ONE = 64;
    static final int HANDSHAKES_OF_ONE_PER_SECOND = 16;
    /** About a fifth of a core. */
    static final int HANDSHAKES_OF_ALL = 256;
    static final int HANDSHAKES_OF_ALL_PER_SECOND = 256;

    private final NanoClock clock;
    private final Set<Visitor> strangers = new LinkedHashSet<>();
    private final Set<Visitor> known = new LinkedHashSet<>();
    private final Map<Origin, Tokens> tokens = new Remembered<>();
    /** Where somebody known came from. Of its own, so that no crowd of strangers makes it be forgotten. */
    private final Map<Origin, Boolean> proved = new Remembered<>();
    private final Tokens tokensOfAll;
    private final Map<Object, Integer> guestsOf = new HashMap<>();
    private int guests;

    Door(final NanoClock clock)
    {
        this.clock = clock;
        this.tokensOfAll = new Tokens(HANDSHAKES_OF_ALL, HANDSHAKES_OF_ALL_PER_SECOND, clock.nanoTime());
    }

    /** Ends a connection; told the reason. Its owner still calls {@link #leaves}. */
    interface Exit
    {
        void sendAway(Refusal kind, String reason);
    }

    /** One connection, from its arrival to its end. */
    static final class Visitor
    {
        private final Origin origin;
        private final Exit exit;
        private final long arrivedNs;
        private boolean speaking;
        /** Whom it is counted for; null when it is not. */
        private Object guest;
        private boolean left;

        private Visitor(final Origin origin, final Exit exit, final long arrivedNs)
        {
            this.origin = origin;
            this.exit = exit;
            this.arrivedNs = arrivedNs;
        }
    }

    /** Lets somebody stand at the door; somebody else may have to go. */
    Visitor arrives(final InetAddress address, final Exit exit)
    {
        final Visitor newcomer = new Visitor(Origin.of(address), exit, clock.nanoTime());
        final Predicate<Visitor> sameOrigin = visitor -> visitor.origin.equals(newcomer.origin);
        if (strangers.stream().filter(sameOrigin).count() >= STRANGERS_OF_ONE)
        {
            makeRoom(sameOrigin, "more than " + STRANGERS_OF_ONE + " connections of its address");
        }
        else if (strangers.size() >= STRANGERS)
        {
            makeRoom(visitor -> true, "more than " + STRANGERS + " connections");
        }
        strangers.add(newcomer);
        return newcomer;
    }

    /** The first bytes came. Whether a handshake may begin; if not, it was sent away. */
    boolean speaks(final Visitor visitor)
    {
        visitor.speaking = true;
        final long nowNs = clock.nanoTime();
        final Tokens own = tokens.computeIfAbsent(visitor.origin,
            origin -> new Tokens(HANDSHAKES_OF_ONE, HANDSHAKES_OF_ONE_PER_SECOND, nowNs));
        if (own.take(nowNs) && (proved.containsKey(visitor.origin) || tokensOfAll.take(nowNs)))
        {
            return true;
        }
        sendAway(visitor, Refusal.CROWD, "too many handshakes at once");
        return false;
    }

    /**
     * It is somebody that this side knows. Whether there is a place; if not, it was sent away.
     *
     * @param who equal for all connections of one site; null where nobody proves anything: the address counts then.
     */
    boolean authenticated(final Visitor visitor, final Object who)
    {
        strangers.remove(visitor);
        if (visitor.left)
        {
            // Ended while it was being let in: it would be counted, and nobody would ever count it out.
            return false;
        }
        if (guests >= Network.CONNECTION_LIMIT)
        {
            sendAway(visitor, Refusal.CROWD, "more than " + Network.CONNECTION_LIMIT + " connections");
            return false;
        }
        final Object guest = who == null ? visitor.origin : who;
        if (guestsOf.getOrDefault(guest, 0) >= GUESTS_OF_ONE)
        {
            sendAway(visitor, Refusal.CROWD, "more than " + GUESTS_OF_ONE + " connections of one site");
            return false;
        }
        visitor.guest = guest;
        guestsOf.merge(guest, 1, Integer::sum);
        guests++;
        known.add(visitor);
        proved.put(visitor.origin, true);
        return true;
    }

    /** It has said which site it is; it may stay. */
    void introduced(final Visitor visitor)
    {
        known.remove(visitor);
    }

    /** It is gone, whoever ended it. */
    void leaves(final Visitor visitor)
    {
        visitor.left = true;
        strangers.remove(visitor);
        known.remove(visitor);
        if (visitor.guest != null)
        {
            guests--;
            guestsOf.computeIfPresent(visitor.guest, (guest, count) -> count == 1 ? null : count - 1);
            visitor.guest = null;
        }
    }

    /** Sends away whoever has taken too long; called several times a second. */
    void expire()
    {
        expire(strangers, "no TLS handshake within 5 s");
        expire(known, "no introduction within 5 s");
    }

    int strangers()
    {
        return strangers.size();
    }

    private void expire(final Set<Visitor> waiting, final String reason)
    {
        final long nowNs = clock.nanoTime();
        // In the order of arrival among strangers; those known got their place in a slightly other one.
        for (final Visitor visitor : waiting.toArray(new Visitor[0]))
        {
            if (nowNs - visitor.arrivedNs >= PATIENCE_NS)
            {
                sendAway(visitor, Refusal.SLOW, reason);
            }
        }
    }

    /** Somebody who comes alone is silent too until its first bytes are here; a crowd shows by its numbers. */
    private void makeRoom(final Predicate<Visitor> among, final String reason)
    {
        final Map<Origin, Integer> places = new HashMap<>();
        strangers.forEach(visitor -> places.merge(visitor.origin, 1, Integer::sum));
        final Comparator<Visitor> first = Comparator.<Visitor, Boolean>comparing(one -> proved.containsKey(one.origin))
            .thenComparing(visitor -> -places.get(visitor.origin))
            .thenComparing(visitor -> visitor.speaking);
        // Of equal ones the first, which is the oldest.
        sendAway(strangers.stream().filter(among).min(first).orElseThrow(), Refusal.CROWD,
            reason + " that had not proved who they are");
    }

    private void sendAway(final Visitor visitor, final Refusal kind, final String reason)
    {
        leaves(visitor);
        visitor.exit.sendAway(kind, reason);
    }

    /** What counts as one address: of IPv6 the network's half, since whoever has one address has all of those. */
    private record Origin(byte[] bytes)
    {
        private static final int IPV6_NETWORK_BYTES = 8;

        static Origin of(final InetAddress address)
        {
            final byte[] bytes = address.getAddress();
            return new Origin(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
        }

        @Override
        public boolean equals(final Object other)
        {
            return other instanceof Origin origin && Arrays.equals(bytes, origin.bytes);
        }

        @Override
        public int hashCode()
        {
            return Arrays.hashCode(bytes);
        }
    }

    /** A bucket that fills with time; one for each address, and one for all that never proved themselves. */
    private static final class Tokens
    {
        private final int most;
        private final long intervalNs;
        private long filledNs;
        private int left;

        Tokens(final int most, final int perSecond, final long nowNs)
        {
            this.most = most;
            this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
            this.filledNs = nowNs;
            this.left = most;
        }

        boolean take(final long nowNs)
        {
            final long fresh = (nowNs - filledNs) / intervalNs;
            filledNs += fresh * intervalNs;
            left = (int)Math.min(most, left + fresh);
            if (left == 0)
            {
                return false;
            }
            left--;
            return true;
        }
    }

    /** The addresses that spoke last; older ones are forgotten, and begin anew. */
    private static final class Remembered<T> extends LinkedHashMap<Origin, T>
    {
        Remembered()
        {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Origin, T> eldest)
        {
            return size() > ADDRESSES_REMEMBERED;
        }
    }
}
