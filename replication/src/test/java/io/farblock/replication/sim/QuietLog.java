package io.farblock.replication.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Thousands of faults a second: what the engine says of them is heard only when one seed is repeated. */
public final class QuietLog implements BeforeAllCallback, AfterAllCallback
{
    private final Logger root = (Logger)LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private Level before;

    @Override
    public void beforeAll(final ExtensionContext context)
    {
        before = root.getLevel();
        root.setLevel(Long.getLong("sim.seed") == null ? Level.OFF : Level.INFO);
    }

    @Override
    public void afterAll(final ExtensionContext context)
    {
        root.setLevel(before);
    }
}
