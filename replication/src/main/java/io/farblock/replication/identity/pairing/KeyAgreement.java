package io.farblock.replication.identity.pairing;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.agreement.jpake.JPAKEParticipant;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroup;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroups;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound1Payload;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound2Payload;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.util.BigIntegers;

/**
 * J-PAKE (RFC 8236, section 2) as bytes: two who share a code come to share a key; who does not know the code can try
 * one in each run, and learns nothing from listening. Group: NIST's with p of 3072 bits and q of 256 bits.
 *
 * <pre>
 *   element (384): a number below p       proof (416): commitment g^v (384), response r (32)
 *   first round (1600): g^x1, g^x2, proof of x1, proof of x2
 *   second round (800): A, proof of x2 * s
 * </pre>
 *
 * One thread; each step once and in order. A proof that does not hold ends it with GARBAGE: it says nothing about the
 * code.
 */
final class KeyAgreement
{
    private static final JPAKEPrimeOrderGroup GROUP = JPAKEPrimeOrderGroups.NIST_3072;
    private static final int ELEMENT_BYTES = 384;
    private static final int RESPONSE_BYTES = 32;
    private static final int PROOF_BYTES = ELEMENT_BYTES + RESPONSE_BYTES;
    static final int ROUND_1_BYTES = 2 * ELEMENT_BYTES + 2 * PROOF_BYTES;
    static final int ROUND_2_BYTES = ELEMENT_BYTES + PROOF_BYTES;

    private final PairingRole role;
    private final JPAKEParticipant participant;

    KeyAgreement(final PairingRole role, final PairingCode code, final SecureRandom random)
    {
        this.role = role;
        this.participant =
            new JPAKEParticipant(role.participant(), code.secret(), GROUP, new SHA256Digest(), random);
    }

    byte[] round1()
    {
        final JPAKERound1Payload payload = participant.createRound1PayloadToSend();
        final ByteBuffer bytes = ByteBuffer.allocate(ROUND_1_BYTES);
        put(bytes, payload.getGx1(), ELEMENT_BYTES);
        put(bytes, payload.getGx2(), ELEMENT_BYTES);
        putProof(bytes, payload.getKnowledgeProofForX1());
        putProof(bytes, payload.getKnowledgeProofForX2());
        return bytes.array();
    }

    void takeRound1(final byte[] round1) throws PairingException
    {
        final ByteBuffer bytes = ByteBuffer.wrap(round1);
        final BigInteger gx1 = take(bytes, ELEMENT_BYTES);
        final BigInteger gx2 = take(bytes, ELEMENT_BYTES);
        final BigInteger[] proof1 = takeProof(bytes);
        final BigInteger[] proof2 = takeProof(bytes);
        try
        {
            participant.validateRound1PayloadReceived(
                new JPAKERound1Payload(role.other().participant(), gx1, gx2, proof1, proof2));
        }
        catch (final CryptoException ex)
        {
            throw disproved(1);
        }
    }

    byte[] round2()
    {
        final JPAKERound2Payload payload = participant.createRound2PayloadToSend();
        final ByteBuffer bytes = ByteBuffer.allocate(ROUND_2_BYTES);
        put(bytes, payload.getA(), ELEMENT_BYTES);
        putProof(bytes, payload.getKnowledgeProofForX2s());
        return bytes.array();
    }

    void takeRound2(final byte[] round2) throws PairingException
    {
        final ByteBuffer bytes = ByteBuffer.wrap(round2);
        final BigInteger a = take(bytes, ELEMENT_BYTES);
        final BigInteger[] proof = takeProof(bytes);
        try
        {
            participant.validateRound2PayloadReceived(
                new JPAKERound2Payload(role.other().participant(), a, proof));
        }
        catch (final CryptoException ex)
        {
            throw disproved(2);
        }
    }

    /** What both share if their codes are the same; not yet a key, and not yet known to be shared. */
    byte[] material()
    {
        final ByteBuffer bytes = ByteBuffer.allocate(ELEMENT_BYTES);
        put(bytes, participant.calculateKeyingMaterial(), ELEMENT_BYTES);
        return bytes.array();
    }

    private static PairingException disproved(final int round)
    {
        return new PairingException(PairingEnd.GARBAGE, "found a proof in round " + round + " that does not hold");
    }

    private static void putProof(final ByteBuffer bytes, final BigInteger[] proof)
    {
        put(bytes, proof[0], ELEMENT_BYTES);
        put(bytes, proof[1], RESPONSE_BYTES);
    }

    private static BigInteger[] takeProof(final ByteBuffer bytes)
    {
        return new BigInteger[]{take(bytes, ELEMENT_BYTES), take(bytes, RESPONSE_BYTES)};
    }

    private static void put(final ByteBuffer bytes, final BigInteger number, final int length)
    {
        bytes.put(BigIntegers.asUnsignedByteArray(length, number));
    }

    private static BigInteger take(final ByteBuffer bytes, final int length)
    {
        final byte[] digits = new byte[length];
        bytes.get(digits);
        return new BigInteger(1, digits);
    }
}
