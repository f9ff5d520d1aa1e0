package io.farblock.powersim.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine's upsmon with a configuration of its own, in a directory of its own: what it notices goes to a file
 * there, and its shutdown command makes another and does nothing else. Killed by closing.
 */
final class Upsmon implements AutoCloseable
{
    /** The one in /sbin is a script that starts this when the machine's own NUT is enabled. */
    static final Path PROGRAM = Path.of("/lib/nut/upsmon");

    private static final List<String> NOTICES =
        List.of("ONLINE", "ONBATT", "LOWBATT", "FSD", "COMMOK", "COMMBAD", "SHUTDOWN", "REPLBATT", "NOCOMM");

    private final Path directory;
    private final Path notices;
    private final Path shutdown;
    private final Path said;
    private final Process process;

    /**
     * @param role      "primary" or "secondary", which is also its user.
     * @param moreLines of upsmon.conf.
     */
    Upsmon(final Path parent, final String role, final String ups, final String... moreLines) throws IOException
    {
        directory = Files.createDirectory(parent.resolve("upsmon-" + role));
        notices = directory.resolve("notices");
        shutdown = directory.resolve("shutdown");
        said = directory.resolve("said");
        final Path script = Files.writeString(directory.resolve("notify"),
            "#!/bin/sh\necho \"$NOTIFYTYPE\" >> '" + notices + "'\n");
        final StringBuilder text = new StringBuilder("MONITOR " + ups + " 1 " + role + " " + PowerLab.PASSWORD + " " +
            role + "\nMINSUPPLIES 1\nSHUTDOWNCMD \"/bin/touch " + shutdown + "\"\nNOTIFYCMD " + script +
            "\nPOLLFREQ 1\nPOLLFREQALERT 1\nHOSTSYNC 5\nDEADTIME 6\nFINALDELAY 0\nRUN_AS_USER nut\nPOWERDOWNFLAG " +
            directory.resolve("killpower") + "\n");
        NOTICES.forEach((notice) -> text.append("NOTIFYFLAG ").append(notice).append(" EXEC\n"));
        text.append(String.join("\n", moreLines)).append('\n');
        Files.writeString(directory.resolve("upsmon.conf"), text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        // upsmon gives up root for the user nut, who has to get there and write there
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        // its place for process numbers cannot be chosen, and there the machine's own upsmon or another test's has its
        final ProcessBuilder builder = new ProcessBuilder("unshare", "--mount", "sh", "-c",
            "mount -t tmpfs none /run && mkdir /run/nut && exec " + PROGRAM + " -D")
            .redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("NUT_CONFPATH", directory.toString());
        process = builder.start();
    }

    /** Until upsmon has noticed so, so many times. */
    void awaitNotice(final String notice, final int times)
    {
        try
        {
            PowerLab.await(() -> lines(notices).stream().filter(notice::equals).count() >= times);
        }
        catch (final AssertionError late)
        {
            throw new AssertionError(
                notice + " is missing in " + lines(notices) + ", upsmon said " + lines(said), late);
        }
    }

    /** Until it has run its shutdown command. */
    void awaitShutdown()
    {
        PowerLab.await(() -> Files.exists(shutdown));
    }

    boolean hasShutDown()
    {
        return Files.exists(shutdown);
    }

    List<String> said()
    {
        return lines(said);
    }

    private static List<String> lines(final Path file)
    {
        try
        {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        }
        catch (final IOException failed)
        {
            throw new AssertionError(file + " cannot be read", failed);
        }
    }

    @Override
    public void close()
    {
        // two of them: one keeps root for the shutdown command, the other asks
        final List<ProcessHandle> all =
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        PowerLab.await(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
}
