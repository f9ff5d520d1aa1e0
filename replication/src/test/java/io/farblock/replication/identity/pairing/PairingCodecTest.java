package io.farblock.replication.identity.pairing;

import static io.farblock.replication.identity.pairing.TwoSessions.CODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of a peer, and characters of a person. */
final class PairingCodecTest
{
    private final TwoSessions pairing = new TwoSessions(CODE, CODE).run();

    @Test
    void shouldReadWhatItWrote() throws PairingException
    {
        assertThat(pairing.said).hasSize(8);
        for (final byte[] message : pairing.said)
        {
            assertThat(PairingCodec.encode(PairingCodec.decode(message))).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,G,no message of a pairing", "2,2,version", "3,9,type 57", "4,x,bytes", "5,' ',bytes"})
    void shouldRefuseHeadersThatAreNone(final int at, final char found, final String words)
    {
        final byte[] message = pairing.said.get(0).clone();
        message[at] = (byte)found;

        assertThatThrownBy(() -> PairingCodec.bodyBytes(message)).isInstanceOf(PairingException.class)
            .hasMessageContaining(words);
    }

    @Test
    void shouldRefuseMessagesThatAreCutOrLonger()
    {
        final byte[] message = pairing.said.get(0);
        for (int length = 0; length < message.length + 3; length++)
        {
            final byte[] cut = Arrays.copyOf(message, length);
            if (length != message.length)
            {
                assertThatThrownBy(() -> PairingCodec.decode(cut)).isInstanceOf(PairingException.class);
            }
        }
    }

    @Test
    void shouldRefuseNamesThatLeadElsewhere()
    {
        final byte[] message = pairing.said.get(0).clone();
        System.arraycopy("../x".getBytes(StandardCharsets.US_ASCII), 0, message, message.length - 4, 4);

        assertThatThrownBy(() -> PairingCodec.decode(message)).isInstanceOf(PairingException.class)
            .hasMessage("found a name that no site can have");
    }

    @Test
    void shouldComeToAnEndWhateverTheBytes()
    {
        final long seed = new SecureRandom().nextLong();
        final Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++)
        {
            final byte[] bytes = pairing.said.get(random.nextInt(8)).clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--)
            {
                bytes[random.nextInt(random.nextBoolean() ? 6 : bytes.length) % bytes.length] =
                    (byte)random.nextInt(256);
            }
            final PairingSession session = new PairingSession(PairingRole.OFFER, CODE, TwoSessions.ALPHA,
                new TwoSessions.FakePins(), new SecureRandom());
            // Not a HELLO: that would cost an agreement each time; the session refuses all others unseen.
            if (bytes[3] != 1)
            {
                session.receive(bytes);
                assertThat(session.isOver()).as("seed " + seed).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"K7QX-M2PD", "k7qxm2pd", " k7qx m2pd ", "K7-QX-M2-PD"})
    void shouldReadACodeAsPeopleTypeIt(final String text)
    {
        assertThat(PairingCode.parse(text).text()).isEqualTo("K7QX-M2PD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K7QX-M2P", "K7QX-M2PDX", "K7QX-M2P0", "K7QX-M2PI", "K7QX-M2P!", "ıııııııı"})
    void shouldRefuseWhatIsNoCode(final String text)
    {
        assertThatThrownBy(() -> PairingCode.parse(text)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("K7QX-M2PD");
    }

    @Test
    void shouldMakeCodesThatDiffer()
    {
        final Set<String> codes = new HashSet<>();
        for (int i = 0; i < 1_000; i++)
        {
            codes.add(PairingCode.make(new SecureRandom()).text());
        }

        assertThat(codes).hasSize(1_000).allMatch(code -> code.matches("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}"));
        assertThat(PairingCode.make(new SecureRandom()).toString()).isEqualTo("a pairing code");
    }
}
