package io.farblock.powersim.ups;

/**
 * A generator behind a switch that starts it when the mains is gone. An immutable value.
 *
 * @param waitNs     how long the mains must be gone before it is started.
 * @param startNs    from the start to a voltage that can be used, or to the knowledge that none will come.
 * @param failFirst  how many of its first starts fail.
 * @param failChance of every further start, from 0 to 1.
 * @param retryNs    from a failed start to the next.
 * @param attempts   how many starts an outage is given; then it is left alone.
 * @param fuelNs     how long it runs altogether.
 */
public record GeneratorSpec(long waitNs, long startNs, int failFirst, double failChance, long retryNs, int attempts,
    long fuelNs)
{
    public GeneratorSpec
    {
        if (waitNs < 0 || startNs < 0 || retryNs < 0 || fuelNs < 0 || failFirst < 0 || attempts < 1)
        {
            throw new IllegalArgumentException("a generator's times and counts are not below 0, and it is started " +
                "at least once; found wait " + waitNs + ", start " + startNs + ", retry " + retryNs + ", fuel " +
                fuelNs + " ns, fail first " + failFirst + ", attempts " + attempts);
        }
        if (!(failChance >= 0 && failChance <= 1))
        {
            throw new IllegalArgumentException("a chance of " + failChance + ", expected 0 to 1");
        }
    }
}
