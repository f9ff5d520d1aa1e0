package io.farblock.replication.identity.pairing;

/** How a pairing ends. The ordinal of a refusal is what travels: add at the end only. */
public enum PairingEnd
{
    PAIRED("both sites know each other"),
    GARBAGE("what came is not this protocol or not this version of it"),
    WRONG_CODE("the codes differ, or somebody between the sites changed what they said"),
    SAME_NAME("both sites have the same name"),
    PINNED_OTHERWISE("a site of this name is pinned with another fingerprint"),
    NOT_WRITTEN("the fingerprint could not be written down"),
    OTHER_SITE("another site was meant");

    private static final PairingEnd[] ALL = values();

    private final String text;

    PairingEnd(final String text)
    {
        this.text = text;
    }

    /** What people read. */
    public String text()
    {
        return text;
    }

    /** A refusal that a peer sent. */
    static PairingEnd refusal(final int number) throws PairingException
    {
        if (number < 1 || number >= ALL.length)
        {
            throw new PairingException(GARBAGE, "found refusal " + number + ", expected 1 to " + (ALL.length - 1));
        }
        return ALL[number];
    }
}
