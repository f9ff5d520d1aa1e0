package io.farblock.powersim.toy;

import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import java.util.SplittableRandom;

/** A component of two lambdas: what is done before the cut, and who looks at what it left. Not kept; one thread. */
public record Sketch(String name, Life life, Recovery recovery) implements CrashComponent
{
    /** From new on. */
    public interface Life
    {
        void run(Media media, Witness witness, SplittableRandom random) throws Exception;
    }

    /** After a cut. */
    public interface Recovery
    {
        void recover(Media survived, Witness witness) throws Exception;
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        life.run(media, witness, random);
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        recovery.recover(survived, witness);
    }
}
