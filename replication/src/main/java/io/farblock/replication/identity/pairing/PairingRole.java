package io.farblock.replication.identity.pairing;

/** Who showed the code and who typed it. Each proves things under its own name, so nothing can be played back to it. */
public enum PairingRole
{
    OFFER("farblock pairing 1, offer"),
    JOIN("farblock pairing 1, join");

    private final String participant;

    PairingRole(final String participant)
    {
        this.participant = participant;
    }

    PairingRole other()
    {
        return this == OFFER ? JOIN : OFFER;
    }

    /** The participant id of the key agreement; it never travels. */
    String participant()
    {
        return participant;
    }
}
