package io.farblock.replication.marks;

import io.farblock.blockdev.raid.BootIntent;
import java.util.UUID;

/**
 * All that is known when tracking has begun anew after a boot, and what follows: the decision, without doing anything.
 * A pure function of an immutable value.
 *
 * <pre>
 *   saved map    early writes  last shutdown                          compares
 *   none or bad       any      any                                    everything
 *   of this boot      any      any                                    everything (tracking was ended meanwhile)
 *   with a gap        any      any                                    everything
 *   good             perhaps   any                                    everything
 *   good              none     clean, device as it was                saved map
 *   good              none     clean, device differs                  everything
 *   good              none     power cut, map kept up to date, bitmap saved map and md's bitmap
 *   good              none     power cut, else                        everything
 * </pre>
 *
 * @param saved       the header of the saved map; null when there is none that can be used.
 * @param refusal     why there is none.
 * @param kept        whether the map was kept up to date until the end.
 * @param boot        the present start of the kernel.
 * @param earlyWrites why something may have been written before tracking began; empty when nothing was.
 * @param fingerprint of the device now; null when it was not needed or not to be had.
 * @param intent      md's bitmap as it was read now.
 */
record ResumeCase(MarkHeader saved, String refusal, boolean kept, UUID boot, String earlyWrites, byte[] fingerprint,
    BootIntent intent)
{
    /**
     * How old a saved map may be when the power goes, if it was kept: its look, a guard that waits in vain for the next
     * one, and what that guard needs to take the word back; see {@link KeepGuard}.
     */
    static final int PROMISE_MS = 4_000;

    /**
     * What is to be done.
     *
     * @param narrowed   whether the marks are all that has to be compared; otherwise everything.
     * @param withIntent whether md's ranges are among the marks.
     * @param reason     for people: what the compare rests on, or why it is of everything.
     */
    record Verdict(boolean narrowed, boolean withIntent, String reason)
    {
    }

    Verdict verdict()
    {
        if (saved == null)
        {
            return everything(
                intent.isUsable() ? refusal : refusal + ", and no write-intent bitmap: " + intent.refusal());
        }
        if (saved.boot().equals(boot))
        {
            return everything("tracking was ended and began anew within one run of the machine");
        }
        if (!saved.incomplete().isEmpty())
        {
            return everything("the saved map says that it is not whole: " + saved.incomplete());
        }
        if (!earlyWrites.isEmpty())
        {
            return everything(earlyWrites);
        }
        return saved.clean() ? afterShutdown() : afterPowerCut();
    }

    private Verdict afterShutdown()
    {
        if (fingerprint == null || !saved.isFingerprint(fingerprint))
        {
            return everything("the device is not as it was when its map was saved: something else wrote to it");
        }
        return new Verdict(true, false, "saved map of a clean shutdown");
    }

    private Verdict afterPowerCut()
    {
        if (!intent.isUsable())
        {
            return everything("no clean shutdown and no write-intent bitmap: " + intent.refusal());
        }
        if (!kept)
        {
            return everything("no clean shutdown, and nobody kept the saved map up to date until the end");
        }
        if (intent.timeBaseS() * 1000 <= PROMISE_MS)
        {
            return everything("no clean shutdown, and md may clear its bits after " + intent.timeBaseS() +
                " s, expected more than " + PROMISE_MS / 1000 + " s; make the bitmap with a larger --delay");
        }
        return new Verdict(true, true, "saved map and md's write-intent bitmap");
    }

    private static Verdict everything(final String why)
    {
        return new Verdict(false, false, why);
    }
}
