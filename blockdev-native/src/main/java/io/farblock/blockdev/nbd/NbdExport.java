package io.farblock.blockdev.nbd;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.Geometry;
import java.nio.charset.StandardCharsets;

/**
 * A device under a name. The device stays its owner's, who closes it after the server.
 *
 * @param name        what clients ask for; may be empty.
 * @param device      used by several threads at once, as {@link BlockDevice} allows.
 * @param readOnly    whether writes are refused.
 * @param description for people; may be empty.
 */
public record NbdExport(String name, BlockDevice device, boolean readOnly, String description)
{
    public NbdExport
    {
        checkText("name", name);
        checkText("description", description);
        final Geometry geometry = device.geometry();
        if (geometry.sectorBytes() > 65_536)
        {
            throw new IllegalArgumentException("export '" + name + "': " + device.name() + " has sectors of " +
                geometry.sectorBytes() + " bytes, but NBD has none beyond 65536");
        }
        if (geometry.alignmentBytes() > ServerRequest.HEADROOM_BYTES)
        {
            throw new IllegalArgumentException("export '" + name + "': " + device.name() + " wants memory aligned to " +
                geometry.alignmentBytes() + " bytes, expected at most " + ServerRequest.HEADROOM_BYTES);
        }
    }

    private static void checkText(final String what, final String text)
    {
        final int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > Protocol.STRING_LIMIT_BYTES || text.indexOf('\0') >= 0)
        {
            throw new IllegalArgumentException("an export's " + what + " has " + length + " bytes, expected at most " +
                Protocol.STRING_LIMIT_BYTES + " and no zero among them; shorten it");
        }
    }
}
