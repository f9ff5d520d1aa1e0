package io.farblock.powersim;

/**
 * What a power cut did to the writes that were not on the medium, zeroed and discarded ranges included. An immutable
 * value.
 *
 * @param seed      repeats it, after the same requests.
 * @param kept      writes that reached the medium whole.
 * @param dropped   writes of which nothing did.
 * @param torn      writes that were decided unit by unit; of a short one that may be all or nothing.
 * @param reordered of those kept, the ones that survived although an earlier write did not, or not whole.
 * @param broken    of those dropped or torn, the ones that a flush, or a write that was to be durable, had promised:
 *                  what a lie cost.
 * @param lies      how often such a promise was made in vain since the power was switched on; 0 for what does not lie.
 */
public record CutReport(long seed, int kept, int dropped, int torn, int reordered, int broken, long lies)
{
    /** Of something that has nothing to lose. */
    public static CutReport nothing(final long seed)
    {
        return new CutReport(seed, 0, 0, 0, 0, 0, 0);
    }

    /** How many writes were decided about. */
    public int decided()
    {
        return kept + dropped + torn;
    }
}
