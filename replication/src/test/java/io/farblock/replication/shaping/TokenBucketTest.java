package io.farblock.replication.shaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No interval carries more than its rate and one burst, none of the rate is lost, and nothing overflows. */
final class TokenBucketTest
{
    private static final int FRAME = 1 << 20;
    private static final long YEARS_NS = TimeUnit.DAYS.toNanos(20_000);
    private static final BigInteger NS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

    /** A frame that went out. */
    private record Sent(long atNs, int bytes)
    {
    }

    @Test
    void shouldAdmitEverythingWithoutALimit()
    {
        final TokenBucket bucket = new TokenBucket(Long.MIN_VALUE);

        bucket.spend(Integer.MAX_VALUE, Long.MIN_VALUE);

        assertThat(bucket.admits(Long.MIN_VALUE)).isTrue();
        assertThat(bucket.waitNs(Long.MIN_VALUE)).isZero();
    }

    @Test
    void shouldPayLaterForWhatHadToGoOut()
    {
        final TokenBucket bucket = bucket(1_000_000, 0);

        bucket.spend(3_000_000, 0);

        assertThat(bucket.admits(0)).isFalse();
        assertThat(bucket.waitNs(0)).isEqualTo(2_975_000_000L);
        assertThat(bucket.admits(2_974_999_999L)).isFalse();
        assertThat(bucket.admits(2_975_000_000L)).isTrue();
    }

    @Test
    void shouldKeepADebtWhenTheRateChanges()
    {
        final TokenBucket bucket = bucket(1_000_000, 0);
        bucket.spend(3_000_000, 0);

        bucket.setRate(2_000_000, 1_000_000_000);

        assertThat(bucket.waitNs(1_000_000_000)).isEqualTo(975_000_000);
        bucket.setRate(0, 1_000_000_000);
        assertThat(bucket.admits(1_000_000_000)).isTrue();
        bucket.setRate(1_000_000, 1_000_000_000);
        assertThat(bucket.waitNs(1_000_000_000)).isZero();
    }

    @Test
    void shouldDrainNothingWhenTheClockStandsOrGoesBack()
    {
        final TokenBucket bucket = bucket(1_000_000, 1000);
        bucket.spend(1_000_000, 1000);

        final long waitNs = bucket.waitNs(500);

        assertThat(waitNs).isEqualTo(975_000_000);
        assertThat(bucket.waitNs(1000)).isEqualTo(waitNs);
    }

    @Test
    void shouldRefuseRatesThatItCannotKeep()
    {
        final TokenBucket bucket = new TokenBucket(0);

        assertThatThrownBy(() -> bucket.setRate(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bucket.setRate(TokenBucket.MOST_BYTES_PER_SECOND + 1, 0))
            .isInstanceOf(IllegalArgumentException.class);
    }

    /** 8 kB/s to 100 Gbit/s, and a clock that begins shortly before its overflow. */
    @ParameterizedTest
    @ValueSource(longs = {8_000, 125_000, 6_250_000, 1_250_000_000L, 12_500_000_000L})
    void shouldNeverLetMoreOutThanRateAndBurst(final long rate)
    {
        final long seed = rate;
        final Random random = new Random(seed);
        final long startNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);
        final TokenBucket bucket = bucket(rate, startNs);
        final List<Sent> sent = new ArrayList<>();
        long nowNs = startNs;

        for (int i = 0; i < 3_000; i++)
        {
            if (bucket.admits(nowNs))
            {
                final int bytes = 1 + random.nextInt(random.nextInt(8) == 0 ? FRAME : 200);
                bucket.spend(bytes, nowNs);
                sent.add(new Sent(nowNs - startNs, bytes));
            }
            nowNs += random.nextInt(16) == 0 ? random.nextInt(2_000_000_000)
                : Math.max(1, (long)(bucket.waitNs(nowNs) * random.nextDouble() * 1.2));
        }

        final BigInteger burst = BigInteger.valueOf(bucket.burstBytes(FRAME));
        for (int from = 0; from < sent.size(); from++)
        {
            long bytes = 0;
            for (int to = from; to < sent.size(); to++)
            {
                bytes += sent.get(to).bytes();
                final BigInteger allowed = BigInteger.valueOf(rate)
                    .multiply(BigInteger.valueOf(sent.get(to).atNs() - sent.get(from).atNs()))
                    .divide(NS_PER_SECOND).add(burst).add(BigInteger.ONE);
                assertThat(allowed.compareTo(BigInteger.valueOf(bytes)) >= 0)
                    .as("seed %d: %d bytes from %s to %s, allowed %s",
                        seed, bytes, sent.get(from), sent.get(to), allowed)
                    .isTrue();
            }
        }
    }

    /** A sender that sleeps up to 20 ms whenever it is refused gets the rate all the same. */
    @ParameterizedTest
    @ValueSource(longs = {8_000, 6_250_000, 1_250_000_000L, 12_500_000_000L})
    void shouldLoseNothingOfTheRate(final long rate)
    {
        final Random random = new Random(rate);
        final TokenBucket bucket = bucket(rate, 0);
        final long endNs = TimeUnit.SECONDS.toNanos(rate < 1_000_000 ? 1_000 : 4);
        long bytes = 0;
        long nowNs = 0;

        while (nowNs < endNs)
        {
            if (bucket.admits(nowNs))
            {
                bucket.spend(65_636, nowNs);
                bytes += 65_636;
            }
            else
            {
                nowNs += 1 + random.nextInt(20_000_000);
            }
        }

        assertThat((double)bytes / rate * 1e9 / nowNs).isBetween(0.99, 1.05);
    }

    @Test
    void shouldMatchAModelThatReckonsInFullPrecision()
    {
        final long seed = 42;
        final Random random = new Random(seed);
        final TokenBucket bucket = new TokenBucket(0);
        BigInteger level = BigInteger.ZERO;
        long rate = 0;
        long nowNs = 0;

        for (int i = 0; i < 100_000; i++)
        {
            final long elapsedNs = random.nextInt(1000) == 0 ? YEARS_NS / 1000 : random.nextInt(30_000_000);
            nowNs += elapsedNs;
            level = rate == 0 ? BigInteger.ZERO
                : level.subtract(BigInteger.valueOf(rate).multiply(BigInteger.valueOf(elapsedNs))).max(BigInteger.ZERO);
            if (random.nextInt(50) == 0)
            {
                rate = random.nextInt(4) == 0 ? 0 : 8_000 + (long)(random.nextDouble() * random.nextDouble() * 1e10);
                bucket.setRate(rate, nowNs);
            }
            final BigInteger allowance = BigInteger.valueOf(rate).multiply(BigInteger.valueOf(25_000_000));
            if (rate == 0)
            {
                level = BigInteger.ZERO;
            }
            assertThat(bucket.admits(nowNs)).as("seed %d, step %d", seed, i).isEqualTo(level.compareTo(allowance) <= 0);
            if (random.nextBoolean())
            {
                final int bytes = random.nextInt(FRAME);
                bucket.spend(bytes, nowNs);
                level = rate == 0 ? level : level.add(BigInteger.valueOf(bytes).multiply(NS_PER_SECOND))
                    .min(BigInteger.valueOf(Long.MAX_VALUE / 2));
            }
        }
    }

    @Test
    void shouldBeEmptyAfterYears()
    {
        final TokenBucket bucket = bucket(TokenBucket.MOST_BYTES_PER_SECOND, 0);
        for (int i = 0; i < 100; i++)
        {
            bucket.spend(Integer.MAX_VALUE, 0);
        }

        assertThat(bucket.waitNs(0)).isBetween(1L, TimeUnit.SECONDS.toNanos(1));
        assertThat(bucket.waitNs(YEARS_NS)).isZero();
    }

    private static TokenBucket bucket(final long rate, final long nowNs)
    {
        final TokenBucket bucket = new TokenBucket(nowNs);
        bucket.setRate(rate, nowNs);
        return bucket;
    }
}
