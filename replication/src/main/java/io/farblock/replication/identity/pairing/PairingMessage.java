package io.farblock.replication.identity.pairing;

/** What sites say to each other while they pair; {@link PairingCodec} draws the bytes. Nobody changes the arrays. */
public sealed interface PairingMessage
{
    /** Who somebody says that it is, and the first round of the key agreement. */
    record Hello(SiteCard card, byte[] round1) implements PairingMessage
    {
    }

    /** The second round of the key agreement. */
    record Round2(byte[] round2) implements PairingMessage
    {
    }

    /** The proof that the sender knows the code and heard what was said. */
    record Confirm(byte[] tag) implements PairingMessage
    {
    }

    /** The proof that the sender pinned what was confirmed. */
    record Pinned(byte[] tag) implements PairingMessage
    {
    }

    /** The sender gives up. Anybody can say that; it proves nothing. */
    record Refused(PairingEnd end) implements PairingMessage
    {
    }
}
