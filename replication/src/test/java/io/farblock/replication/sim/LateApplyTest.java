package io.farblock.replication.sim;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An epoch of a source's last life is applied while its next life is connected already. Both count their attempts from
 * 1: the new one heard of attempt 4, and of nothing below any more. Found by seed 1187.
 */
@ExtendWith(QuietLog.class)
final class LateApplyTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldNotTellANewSessionOfTheLastOnesAttempt() throws IOException
    {
        try (Run run = new Run(directory, 1))
        {
            run.driver.start();
            for (int i = 0; i < 3; i++)
            {
                run.driver.change(8);
                run.driver.calmEpoch();
            }
            run.world.replicaDisk(0).full = true;
            run.driver.change(8);
            run.driver.ask();
            while (run.world.target.status().replicas().stream().noneMatch(it -> it.state().equals("blocked")))
            {
                run.world.tick();
            }

            run.world.killSource(SimNetwork.Death.FIN);
            run.world.startSource();
            while (run.world.source.status().paths().stream().noneMatch(path -> path.state().equals("up")))
            {
                run.world.tick();
            }
            run.world.replicaDisk(0).full = false;

            run.driver.calmEpoch();
        }
    }
}
