package io.farblock.raidsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Explorer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays after every cut that the explorer makes of them; {@code -Drounds=N} makes N times as many. */
final class ArrayComponentTest
{
    private static final int STATES = 1500;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(classes = {
        ArrayComponent.Mirror.class, ArrayComponent.Parity.class, ArrayComponent.Journaled.class})
    void shouldRecoverFromEveryState(final Class<? extends CrashComponent> type) throws Exception
    {
        final CrashComponent component = type.getDeclaredConstructor().newInstance();
        final Explorer explorer = new Explorer(component, directory);

        final long t = System.nanoTime();
        explorer.explore(1, STATES * Long.getLong("rounds", 1));
        System.out.println(component.name() + " " + explorer.states() + " lives " + explorer.lives() + " cuts " + explorer.cuts() + " ms " + (System.nanoTime() - t) / 1_000_000);

        assertThat(explorer.violations()).isEmpty();
        assertThat(explorer.states()).isGreaterThanOrEqualTo(STATES);
    }
}
