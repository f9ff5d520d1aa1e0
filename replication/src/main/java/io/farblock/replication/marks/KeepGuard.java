package io.farblock.replication.marks;

/**
 * Takes back the word that saved maps are kept up to date ({@link Kept}) when it has heard nothing for
 * {@link #PATIENCE_S} seconds, or when the one who keeps them is dead. Without it the maps of a daemon that was killed,
 * or whose disk hung, would be believed after a power cut although they say nothing of the writes since.
 *
 * <pre>
 *   look begins ... at most 1 s ... written, beat ... 2 s without another ... taken back, within 1 s
 *   |----------------------- ResumeCase.PROMISE_MS: no map that is believed is older -------------|
 * </pre>
 *
 * One thread.
 */
public interface KeepGuard extends AutoCloseable
{
    /** How long it waits for the next beat. */
    int PATIENCE_S = 2;

    /** For where there is nobody who could: nothing is promised. */
    KeepGuard NOBODY = new KeepGuard()
    {
        @Override
        public boolean isWatching()
        {
            return false;
        }

        @Override
        public void beat()
        {
            // nobody listens
        }

        @Override
        public void close()
        {
            // nobody was there
        }
    };

    /** Whether it still waits; if not, it has taken the word back. */
    boolean isWatching();

    /** All maps are as they were promised to be. */
    void beat();

    /** It takes the word back now; returns when it has. */
    @Override
    void close();
}
