package io.farblock.daemon.demo;

import java.nio.file.Path;

/**
 * What the person asked for. Immutable.
 *
 * @param device    to read, or null: the demo makes an image of its own, and only that one is ever changed.
 * @param directory where to work, or null for the temporary directory.
 * @param sizeBytes of the image that is made.
 * @param keep      leave everything behind at the end.
 * @param seed      of all that is random.
 */
public record DemoOptions(Path device, Path directory, long sizeBytes, boolean keep, long seed)
{
}
