package io.farblock.raidsim.disk;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast a kind of disk is: nothing but numbers, so that a file can hold them. {@link DiskProfile} has some that are
 * like real ones. An immutable value.
 */
public sealed interface DiskModel permits HddModel, FlashModel
{
    /** How long the disk tries to read a sector before it gives up. */
    long errorRecoveryNs();

    /** The moving part, for one disk of that size that has just been switched on. */
    DiskTiming start(long nowNs, long sizeBytes, long seed);

    /** Every number of the model under its name, in a fixed order. */
    default Map<String, Long> numbers()
    {
        return ModelNumbers.of((Record)this);
    }

    /**
     * The same model with some other numbers.
     *
     * @throws IllegalArgumentException for a name that the model has not, or a number that it cannot have.
     */
    default DiskModel with(final Map<String, Long> changes)
    {
        final Map<String, Long> numbers = new LinkedHashMap<>(numbers());
        for (final Map.Entry<String, Long> change : changes.entrySet())
        {
            if (numbers.replace(change.getKey(), change.getValue()) == null)
            {
                throw new IllegalArgumentException(
                    change.getKey() + ", expected one of " + String.join(", ", numbers.keySet()));
            }
        }
        return (DiskModel)ModelNumbers.make(((Record)this).getClass(), numbers);
    }
}
