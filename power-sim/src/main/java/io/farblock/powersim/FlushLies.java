package io.farblock.powersim;

/**
 * How a device lies about flushes, and about writes that are to be durable: it says that it is done and does nothing.
 * An immutable value.
 *
 * @param honest      how many are done truly before the first lie.
 * @param probability of each later one being a lie; 1 is always.
 * @param seed        decides which.
 */
public record FlushLies(long honest, double probability, long seed)
{
    /** Every promise is kept. */
    public static final FlushLies NONE = new FlushLies(0, 0, 0);
    /** No promise is kept. */
    public static final FlushLies ALWAYS = new FlushLies(0, 1, 0);

    public FlushLies
    {
        if (honest < 0 || !(probability >= 0 && probability <= 1))
        {
            throw new IllegalArgumentException("honest=" + honest + " probability=" + probability +
                ", expected at least 0, and 0 to 1");
        }
    }

    /** Always, after so many that were true. */
    public static FlushLies after(final long honest)
    {
        return new FlushLies(honest, 1, 0);
    }

    /** Now and then. */
    public static FlushLies sometimes(final double probability, final long seed)
    {
        return new FlushLies(0, probability, seed);
    }
}
