package io.farblock.blockdev.boot;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.DeviceException;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.linux.DeviceUsage;
import io.farblock.blockdev.linux.FileStatus;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.NativeFile;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.blockdev.raid.BootIntent;
import io.farblock.blockdev.raid.MdSysfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;

/** The running system. Stateless, on the calling thread. */
public final class LinuxBoot implements BootLook
{
    private static final int HEAD_BYTES = 1 << 20;
    private static final int TAIL_BYTES = 64 << 10;
    private static final int ANSWER_SECONDS = 10;

    private final Path root;

    public LinuxBoot()
    {
        this(Path.of("/"));
    }

    /** The system whose proc and sys lie under {@code root}. */
    public LinuxBoot(final Path root)
    {
        this.root = root;
    }

    @Override
    public UUID boot() throws IOException
    {
        return UUID.fromString(Files.readString(root.resolve("proc/sys/kernel/random/boot_id")).trim());
    }

    @Override
    public long nowMs()
    {
        return SystemEpochClock.INSTANCE.time();
    }

    @Override
    public String writesSoFar(final Path device)
    {
        final FileStatus status = FileStatus.of(device);
        return status.errno() != 0 || !status.isBlockDevice() ? device + " is no block device" :
            new WriteCounters(root.resolve("sys")).writesSoFar(status.device());
    }

    @Override
    public BootIntent intent(final Path device)
    {
        return BootIntent.read(new MdSysfs(root.resolve("sys")), root.resolve("dev"), device, this::uptimeMs);
    }

    @Override
    public boolean keepsIntent(final Path device)
    {
        return new MdSysfs(root.resolve("sys")).behind(device).filter(array -> array.bitmap().isInternal()).isPresent();
    }

    @Override
    public byte[] fingerprint(final Path device) throws IOException
    {
        try (BlockDevice opened = LinuxBlockDevice.open(device, OpenMode.readOnly()))
        {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            final long size = opened.geometry().sizeBytes();
            add(digest, opened, 0, (int)Math.min(HEAD_BYTES, size));
            add(digest, opened, Math.max(0, size - TAIL_BYTES), (int)Math.min(TAIL_BYTES, size));
            return digest.digest();
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JVM has SHA-256", ex);
        }
    }

    @Override
    public String users(final Path device)
    {
        final List<String> users = new ArrayList<>();
        final FileStatus status = FileStatus.of(device);
        addUsers(status.device(), "", users);
        return String.join(", ", users);
    }

    @Override
    public void flush(final Path device) throws IOException
    {
        try (NativeFile file = NativeFile.open(device, false))
        {
            // Else what a program has written through the page cache reaches the device after the marks were saved.
            final int result = file.fdatasync();
            if (result < 0)
            {
                throw new DeviceException(result, "cannot flush " + device + ": " + Errno.describe(result));
            }
        }
    }

    @Override
    public String goesOn()
    {
        if (!Files.isDirectory(root.resolve("run/systemd/system")))
        {
            // Nobody here knows more than whoever calls.
            return "";
        }
        try
        {
            final Process asked = new ProcessBuilder("systemctl", "is-system-running").redirectErrorStream(true)
                .start();
            final String state = new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
            asked.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
            return "stopping".equals(state) ? "" : "the system is not being shut down (systemd says " + state + ")";
        }
        catch (final IOException ex)
        {
            return "whether the system is being shut down is not known: " + ex.getMessage();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return "whether the system is being shut down was not waited for";
        }
    }

    /** Mounts, swap, and the same of whatever is stacked on the device; what is stacked is no user by itself. */
    private void addUsers(final String device, final String prefix, final List<String> users)
    {
        for (final String user : new DeviceUsage().usersOf(device))
        {
            final int held = user.indexOf("held by /dev/");
            if (held < 0)
            {
                users.add(prefix + user);
                continue;
            }
            final String holder = user.substring(held + "held by ".length());
            final FileStatus above = FileStatus.of(Path.of(holder));
            if (above.errno() != 0 || !above.isBlockDevice())
            {
                users.add(prefix + user);
            }
            else
            {
                addUsers(above.device(), prefix + holder + " on it is ", users);
            }
        }
    }

    private long uptimeMs()
    {
        try
        {
            final String text = Files.readString(root.resolve("proc/uptime")).trim().split("\\s+")[0];
            return (long)(Double.parseDouble(text) * 1000);
        }
        catch (final IOException | NumberFormatException ex)
        {
            // as if it were up for ever: then nothing follows from it
            return Long.MAX_VALUE;
        }
    }

    private static void add(final MessageDigest digest, final BlockDevice device, final long offset, final int length)
        throws IOException
    {
        final ByteBuffer bytes = AlignedBuffers.allocate(length);
        final int result = device.read(offset, bytes, 0, length);
        if (result < 0)
        {
            throw new DeviceException(result, "cannot read " + device.name() + " at offset " + offset + ", length " +
                length + ": " + Errno.describe(result));
        }
        digest.update(bytes);
    }
}
