package io.farblock.powersim.explore;

import java.util.SplittableRandom;

/**
 * Something whose state has to survive a power cut. Whatever implements this and is named in {@code META-INF/services}
 * is explored. Both methods run on the explorer's thread and must be the same for the same arguments: no clock, no
 * chance of their own.
 */
public interface CrashComponent
{
    /** One word, unique; part of the ids of its states. */
    String name();

    /**
     * Uses the component, from new on, and notes what it promises as it does.
     *
     * @param random decides what it is used for.
     */
    void run(Media media, Witness witness, SplittableRandom random) throws Exception;

    /**
     * Opens the component on what a cut left, as its own recovery does, and lets it come to rest. The power may go
     * again while it does: what it promises meanwhile it notes, too.
     *
     * @param witness has the facts that were noted before the cut.
     * @throws Exception or an error of any kind, when a promise is broken or what should work does not: a violation.
     */
    void recover(Media survived, Witness witness) throws Exception;
}
