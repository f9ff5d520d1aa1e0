package io.farblock.daemon.vm;

import io.farblock.daemon.faults.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs scripts in a guest, over the serial line that {@code vm-init.sh} listens on and that is the standard input and
 * output of QEMU. One thread; a script that fails or takes too long is an error that shows what it said.
 */
final class GuestShell
{
    private static final Pattern END = Pattern.compile("\\x01END (\\d+)\\n$");

    private final Process qemu;
    private final InputStream fromGuest;
    private final OutputStream toGuest;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    GuestShell(final Process qemu)
    {
        this.qemu = qemu;
        fromGuest = qemu.getInputStream();
        toGuest = qemu.getOutputStream();
    }

    void awaitReady(final long seconds)
    {
        Deadline.await("the guest is up", seconds, () -> receive().endsWith("READY\n"));
    }

    /** The output of a script that must succeed. */
    String run(final String script, final long seconds) throws IOException
    {
        received.reset();
        toGuest.write((Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
        toGuest.flush();
        try
        {
            Deadline.await("the end of: " + script, seconds, () -> END.matcher(receive()).find());
        }
        catch (final AssertionError late)
        {
            throw new AssertionError(late.getMessage() + "\nso far: " + receive(), late);
        }
        final String all = receive();
        final Matcher end = END.matcher(all);
        if (!end.find() || Integer.parseInt(end.group(1)) != 0)
        {
            throw new AssertionError("failed in the guest: " + script + "\n" + all);
        }
        return all.substring(0, end.start());
    }

    private String receive() throws IOException
    {
        while (fromGuest.available() > 0)
        {
            received.write(fromGuest.readNBytes(fromGuest.available()));
        }
        if (!qemu.isAlive())
        {
            throw new AssertionError("QEMU ended with exit code " + qemu.exitValue());
        }
        return received.toString(StandardCharsets.UTF_8);
    }
}
