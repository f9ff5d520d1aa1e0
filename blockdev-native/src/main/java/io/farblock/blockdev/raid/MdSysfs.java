package io.farblock.blockdev.raid;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads arrays from sysfs: {@code SYS/block/mdX/md}. Attributes come one by one, so an array that changes meanwhile is
 * read again, a few times at most; one that stops meanwhile is gone or inactive. Stateless, on the calling thread,
 * never throws for what it finds. About forty small reads, some tens of microseconds each: not for a hot path.
 */
public final class MdSysfs
{
    private static final int TRIES = 4;
    private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";
    private static final int SECTOR_BYTES = MemberBytes.SECTOR_BYTES;

    private final Path block;

    /** Of the running system. */
    public MdSysfs()
    {
        this(Path.of("/sys"));
    }

    /** Of the system whose sysfs is mounted at {@code sys}. */
    public MdSysfs(final Path sys)
    {
        this.block = sys.resolve("block");
    }

    /** The names of the arrays that there are, inactive ones included: "md0", "md127". */
    public List<String> arrays()
    {
        final List<String> names = new ArrayList<>(new SysfsAttributes(block).children("md"));
        names.removeIf((name) -> new SysfsAttributes(directory(name)).text("array_state").isEmpty());
        return names;
    }

    /** The array as it is now; if there is none, one whose state is {@link ArrayState#GONE}. */
    public MdArray read(final String name)
    {
        final SysfsAttributes attributes = new SysfsAttributes(directory(name));
        String before = stamp(attributes);
        MdArray array = readOnce(name, attributes);
        for (int i = 1; i < TRIES && !stamp(attributes).equals(before); i++)
        {
            before = stamp(attributes);
            array = readOnce(name, attributes);
        }
        return array;
    }

    /**
     * The array that a device node stands for, by itself or with one of its partitions; empty when it stands for
     * something else, or for nothing.
     *
     * @param device may be a link, as those in /dev/md are.
     */
    public Optional<MdArray> behind(final Path device)
    {
        try
        {
            final String node = device.toRealPath().getFileName().toString();
            return arrays().stream().filter((name) -> node.matches(Pattern.quote(name) + "(p\\d+)?"))
                .map(this::read).findFirst();
        }
        catch (final IOException ex)
        {
            return Optional.empty();
        }
    }

    /** The directory of an array's attributes, which need not exist. */
    Path directory(final String name)
    {
        return block.resolve(name).resolve("md");
    }

    private static String stamp(final SysfsAttributes attributes)
    {
        return attributes.text("array_state") + "/" + attributes.text("sync_action") + "/" +
            attributes.text("degraded") + "/" + attributes.children("dev-");
    }

    private static MdArray readOnce(final String name, final SysfsAttributes attributes)
    {
        final SysfsAttributes bitmap = attributes.child("bitmap");
        final List<ArrayMember> members = new ArrayList<>();
        for (final String child : attributes.children("dev-"))
        {
            members.add(member(child.substring("dev-".length()), attributes.child(child)));
        }
        return new MdArray(name, RaidLevel.ofWord(attributes.text("level")), (int)attributes.number("layout", 0),
            (int)attributes.number("raid_disks", 0), (int)attributes.number("degraded", -1),
            attributes.text("array_state"), attributes.text("sync_action"),
            SyncProgress.of(attributes.text("sync_completed"), attributes.number("sync_speed", 0)),
            attributes.number("resync_start", -1) >= 0, attributes.number("mismatch_cnt", -1),
            attributes.text("consistency_policy"), new BitmapStatus(bitmap.text("location"),
                bitmap.number("chunksize", 0), bitmap.number("time_base", 0)),
            attributes.text("uuid").replace(NO_UUID, ""), List.copyOf(members));
    }

    private static ArrayMember member(final String name, final SysfsAttributes attributes)
    {
        return new ArrayMember(name, (int)attributes.number("slot", -1),
            Set.copyOf(List.of(attributes.text("state").split(","))), attributes.number("errors", -1),
            badBlocks(attributes.text("bad_blocks")));
    }

    /** Lines of first sector and number of sectors. */
    private static List<ByteRange> badBlocks(final String text)
    {
        final List<ByteRange> ranges = new ArrayList<>();
        for (final String line : text.lines().toList())
        {
            final String[] parts = line.trim().split("\\s+");
            if (parts.length == 2 && parts[0].matches("\\d{1,15}") && parts[1].matches("\\d{1,15}"))
            {
                ranges.add(new ByteRange(
                    Long.parseLong(parts[0]) * SECTOR_BYTES, Long.parseLong(parts[1]) * SECTOR_BYTES));
            }
        }
        return List.copyOf(ranges);
    }
}
