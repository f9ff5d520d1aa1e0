package io.farblock.raidsim.serve;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Where commands find the server of an array file: a unix socket beside it, or in $XDG_RUNTIME_DIR when that path is
 * longer than a socket's may be. Stateless.
 */
public final class ControlPath
{
    /** {@code sockaddr_un.sun_path} on Linux, less its final zero. */
    private static final int LONGEST_BYTES = 107;

    private ControlPath()
    {
    }

    /** @param runtimeDirectory null when there is none. */
    public static Path of(final Path arrayFile, final String runtimeDirectory) throws ServeException
    {
        final Path file = arrayFile.toAbsolutePath().normalize();
        final Path beside = Path.of(file + ".sock");
        if (lengthBytes(beside) <= LONGEST_BYTES)
        {
            return beside;
        }
        if (runtimeDirectory == null || runtimeDirectory.isBlank())
        {
            throw new ServeException(ExitCode.FAILED, beside + " is longer than a unix socket's path may be (" +
                LONGEST_BYTES + " bytes), and XDG_RUNTIME_DIR is not set; set it, or move the array file");
        }
        final UUID place = UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8));
        final Path elsewhere = Path.of(runtimeDirectory).toAbsolutePath().resolve("raid-sim-" + place + ".sock");
        if (lengthBytes(elsewhere) > LONGEST_BYTES)
        {
            throw new ServeException(ExitCode.FAILED, elsewhere + " is longer than a unix socket's path may be (" +
                LONGEST_BYTES + " bytes); set XDG_RUNTIME_DIR to a shorter directory, or move the array file");
        }
        return elsewhere;
    }

    private static int lengthBytes(final Path path)
    {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
