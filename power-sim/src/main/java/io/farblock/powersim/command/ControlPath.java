package io.farblock.powersim.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Where commands find the server of a file: a unix socket beside it, or in $XDG_RUNTIME_DIR when that path is
 * longer than a socket's may be. Stateless.
 */
public final class ControlPath
{
    /** {@code sockaddr_un.sun_path} on Linux, less its final zero. */
    private static final int LONGEST_BYTES = 107;

    private ControlPath()
    {
    }

    /**
     * @param program          whose socket it is.
     * @param runtimeDirectory null when there is none.
     */
    public static Path of(final String program, final Path served, final String runtimeDirectory)
        throws ServeException
    {
        final Path file = served.toAbsolutePath().normalize();
        final Path beside = Path.of(file + ".sock");
        if (lengthBytes(beside) <= LONGEST_BYTES)
        {
            return beside;
        }
        if (runtimeDirectory == null || runtimeDirectory.isBlank())
        {
            throw new ServeException(ExitCode.FAILED, beside + " is longer than a unix socket's path may be (" +
                LONGEST_BYTES + " bytes), and XDG_RUNTIME_DIR is not set; set it, or move the file");
        }
        final UUID place = UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8));
        final Path elsewhere = Path.of(runtimeDirectory).toAbsolutePath().resolve(program + '-' + place + ".sock");
        if (lengthBytes(elsewhere) > LONGEST_BYTES)
        {
            throw new ServeException(ExitCode.FAILED, elsewhere + " is longer than a unix socket's path may be (" +
                LONGEST_BYTES + " bytes); set XDG_RUNTIME_DIR to a shorter directory, or move the file");
        }
        return elsewhere;
    }

    private static int lengthBytes(final Path path)
    {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
