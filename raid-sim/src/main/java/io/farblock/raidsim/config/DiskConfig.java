package io.farblock.raidsim.config;

import io.farblock.raidsim.disk.DiskProfile;
import java.nio.file.Path;

/**
 * One disk of an array. An immutable value.
 *
 * @param name      the file's, without what stands behind its last dot; what commands and plans call the disk.
 * @param file      the image that holds its bytes, absolute.
 * @param sizeBytes of the image.
 * @param profile   how fast it is; null for a disk that takes no time.
 * @param seed      all chance in its model comes from it.
 * @param isSpare   whether it holds no data at first.
 */
public record DiskConfig(String name, Path file, long sizeBytes, DiskProfile profile, long seed, boolean isSpare)
{
    /** What the file calls a disk that takes no time. */
    public static final String NO_MODEL = "none";

    /** How the file calls its model. */
    public String model()
    {
        return profile == null ? NO_MODEL : profile.text();
    }
}
