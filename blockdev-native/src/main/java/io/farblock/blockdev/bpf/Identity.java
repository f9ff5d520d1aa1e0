package io.farblock.blockdev.bpf;

import io.farblock.blockdev.dirty.GapCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Whom a volume's map belongs to: which volume, on which device, since which boot. Written into the map's header when
 * it is made, compared before its marks are believed. Immutable.
 *
 * @param volume of the volume's name, a digest.
 * @param boot   changes with every start of the kernel.
 * @param device as it is now.
 */
record Identity(UUID volume, UUID boot, TrackedDevice device)
{
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    static Identity of(final String volume, final TrackedDevice device) throws IOException
    {
        return new Identity(digest(volume), UUID.fromString(Files.readString(BOOT_ID).trim()), device);
    }

    /** 128 bits that stand for a name, since names in bpffs are short and must not hold dots. */
    static UUID digest(final String volume)
    {
        return UUID.nameUUIDFromBytes(volume.getBytes(StandardCharsets.UTF_8));
    }

    void putInto(final MappedWords words)
    {
        words.set(Header.VOLUME, volume.getMostSignificantBits());
        words.set(Header.VOLUME + 1, volume.getLeastSignificantBits());
        words.set(Header.BOOT, boot.getMostSignificantBits());
        words.set(Header.BOOT + 1, boot.getLeastSignificantBits());
        words.set(Header.SEQUENCE, device.sequence());
        words.set(Header.DISK_BYTES, device.diskSectors() * 512);
        words.set(Header.FIRST_SECTOR, device.firstSector());
        words.set(Header.SECTORS, device.sectors());
        words.set(Header.DEVICE, device.number());
    }

    /** What is wrong with a map, or null when it is ours. */
    GapCause mismatch(final MappedWords words)
    {
        if (words.get(Header.MAGIC) != Header.MAGIC_AND_VERSION || !holds(words, Header.VOLUME, volume))
        {
            return GapCause.STATE_LOST;
        }
        if (!holds(words, Header.BOOT, boot))
        {
            return GapCause.REBOOTED;
        }
        return deviceMismatch(words, device);
    }

    /** Whether a device is another than a map was made for; null when it is the same. */
    static GapCause deviceMismatch(final MappedWords words, final TrackedDevice now)
    {
        if (words.get(Header.SEQUENCE) != now.sequence() || words.get(Header.DEVICE) != now.number())
        {
            return GapCause.DEVICE_REPLACED;
        }
        final boolean same = words.get(Header.DISK_BYTES) == now.diskSectors() * 512 &&
            words.get(Header.FIRST_SECTOR) == now.firstSector() && words.get(Header.SECTORS) == now.sectors();
        return same ? null : GapCause.DEVICE_RESIZED;
    }

    private static boolean holds(final MappedWords words, final int index, final UUID id)
    {
        return words.get(index) == id.getMostSignificantBits() && words.get(index + 1) == id.getLeastSignificantBits();
    }
}
