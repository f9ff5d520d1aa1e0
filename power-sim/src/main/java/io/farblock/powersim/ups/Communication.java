package io.farblock.powersim.ups;

import java.util.Locale;

/** What those who ask a UPS get to hear. */
public enum Communication
{
    /** Answers. */
    GOOD,
    /** No connection is taken. */
    REFUSE,
    /** Connections are taken and nothing is answered. */
    HANG,
    /** The server answers that what it knows is old. */
    STALE,
    /** The server answers that its driver is gone. */
    DRIVER_GONE,
    /** Answers with what was true when this began, as if it still were. */
    FROZEN;

    /** As people write it: "driver-gone". */
    public String word()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
