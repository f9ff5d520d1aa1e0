package io.farblock.blockdev.linux;

import java.util.Optional;

/**
 * One line of /proc/self/mountinfo, an immutable value. Mount points are text, not paths: a JVM that runs in the C
 * locale, as under systemd, cannot make a path of a name with other letters than those of ASCII.
 *
 * <pre>27 1 254:0 /root /mount/point rw,relatime shared:1 - ext4 /dev/vda rw</pre> The fields before "-" vary.
 *
 * @param id         of the mount, as statx(2) tells it of a path.
 * @param superblock "major:minor": the same for all mounts of one file system. btrfs shows one that no device has.
 * @param path       where it is mounted, as in this process' name space.
 * @param type       "ext4".
 * @param source     a device node, or whatever the file system calls its source.
 * @param readOnly   whether the file system itself is; a single mount may be read-only while others of it are not.
 */
record MountPoint(long id, String superblock, String path, String type, String source, boolean readOnly)
{
    /** Reads one line; empty when it is not as expected. */
    static Optional<MountPoint> parse(final String line)
    {
        final String[] fields = line.split(" ");
        int dash = 6;
        while (dash < fields.length && !"-".equals(fields[dash]))
        {
            dash++;
        }
        if (dash + 2 >= fields.length || !fields[0].matches("\\d{1,18}"))
        {
            return Optional.empty();
        }
        final String options = dash + 3 < fields.length ? fields[dash + 3] : "";
        return Optional.of(new MountPoint(Long.parseLong(fields[0]), fields[2], ProcSys.unescaped(fields[4]),
            fields[dash + 1], ProcSys.unescaped(fields[dash + 2]), ("," + options + ",").contains(",ro,")));
    }

    /** Whether the file system lies on that device. */
    boolean isOn(final String device)
    {
        // btrfs shows a number that no device has: there only the source names the device
        return device.equals(superblock) || source.startsWith("/dev/") && device.equals(ProcSys.deviceOf(source));
    }
}
