package io.farblock.daemon.power.nut;

import io.farblock.daemon.power.UpsConfig;

/** How NUT servers are reached. All calls, either way, are made on the thread that steps the watches. */
interface NutNetwork
{
    /** Begins to connect; what becomes of it is told, but never before this returns. */
    Link connect(UpsConfig ups, Listener listener);

    /** A connection, from the attempt on. */
    interface Link
    {
        /** Sends a line; its end is added. */
        void send(String line);

        /** Everything from here on is TLS; anything that came in clear behind the last line ends the connection. */
        void startTls();

        /** Ends it; its listener hears nothing more. Idempotent. */
        void close();
    }

    /** Hears of one connection. */
    interface Listener
    {
        void onConnected();

        /** @param line without its end, no longer than {@link LineBuffer#LONGEST_BYTES}. */
        void onLine(String line);

        void onSecured();

        /** It failed or ended, with a reason for the operator; the last call. */
        void onClosed(String reason);
    }
}
