package io.farblock.raidsim.md;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.linux.ImageFile;
import io.farblock.blockdev.linux.LinuxBlockDevice;
import io.farblock.blockdev.linux.OpenMode;
import io.farblock.blockdev.raid.MdSuperblock;
import io.farblock.raidsim.layout.CopyLayout;
import io.farblock.raidsim.layout.ParityLayout;
import io.farblock.raidsim.layout.StripeLayout;
import io.farblock.raidsim.parity.MirrorCode;
import io.farblock.raidsim.parity.ParityCode;
import io.farblock.raidsim.parity.StripeCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Interim: writes whole arrays by layout. */
final class SimulatedArray implements AutoCloseable
{
    private final List<BlockDevice> members = new ArrayList<>();
    private final ArrayDescription array;
    private final StripeLayout layout;
    private final StripeCode code;
    private long events = 5;
    private int failed = -1;
    private final UUID[] uuids;

    SimulatedArray(final ArrayKind kind, final Path directory, final boolean create) throws IOException
    {
        array = kind.description(UUID.nameUUIDFromBytes(directory.toString().getBytes()));
        uuids = new UUID[kind.raidDisks()];
        for (int i = 0; i < kind.raidDisks(); i++)
        {
            final Path image = directory.resolve("member." + i);
            if (create)
            {
                ImageFile.create(image, ArrayKind.MEMBER_BYTES);
            }
            uuids[i] = UUID.nameUUIDFromBytes(image.toString().getBytes());
            members.add(LinuxBlockDevice.open(image, OpenMode.readWrite().buffered()));
        }
        final long chunks = array.chunkBytes() == 0 ? 0 : array.memberBytes() / array.chunkBytes();
        layout = switch (array.level())
        {
            case RAID0 -> CopyLayout.raid0(array.raidDisks(), array.chunkBytes(), chunks);
            case RAID1 -> CopyLayout.raid1(array.raidDisks(), array.memberBytes());
            case RAID10 -> CopyLayout.raid10(array.raidDisks(), array.layout(), array.chunkBytes(), chunks);
            default -> new ParityLayout(array.raidDisks(), array.level().parityMembers(), array.chunkBytes(), chunks);
        };
        code = layout.dataStrips() == 1 ? new MirrorCode(layout.strips()) :
            new ParityCode(layout.dataStrips(), layout.redundantStrips());
        if (!create)
        {
            long newest = 0;
            for (int i = 0; i < members.size(); i++)
            {
                final Found.Member found = (Found.Member)MemberFormat.read(members.get(i));
                events = Math.max(events, found.record().events());
                System.out.println(i + " " + found.record().events() + " " + found.record().roles().subList(0, 6) +
                    " res " + found.record().resyncOffsetBytes() + " bits " + found.bitmap().bits() + found.bitmap().unusable());
            }
            for (int i = 0; i < members.size(); i++)
            {
                final Found.Member found = (Found.Member)MemberFormat.read(members.get(i));
                if (found.record().events() < events - 1)
                {
                    failed = i;
                }
            }
        }
    }

    long size()
    {
        return array.arrayBytes();
    }

    void fail(final int slot)
    {
        failed = slot;
        events += 2;
    }

    void write(final byte[] content)
    {
        final ByteBuffer[] strips = buffers();
        for (long stripe = 0; stripe < layout.stripes(); stripe++)
        {
            final int length = layout.columns(stripe);
            for (int strip = 0; strip < layout.dataStrips(); strip++)
            {
                strips[strip].put(0, content, (int)layout.arrayOffset(stripe) + strip * layout.chunkBytes(), length);
            }
            if (layout.redundantStrips() > 0)
            {
                code.encode(strips, 0, length);
            }
            for (int strip = 0; strip < layout.strips(); strip++)
            {
                if (layout.slot(stripe, strip) != failed)
                {
                    members.get(layout.slot(stripe, strip)).write(ArrayKind.DATA_OFFSET_BYTES +
                        layout.offsetBytes(stripe, strip), strips[strip], 0, length);
                }
            }
        }
    }

    byte[] read()
    {
        final byte[] content = new byte[(int)size()];
        final ByteBuffer[] strips = buffers();
        for (long stripe = 0; stripe < layout.stripes(); stripe++)
        {
            final int length = layout.columns(stripe);
            long missing = 0;
            for (int strip = 0; strip < layout.strips(); strip++)
            {
                if (layout.slot(stripe, strip) == failed)
                {
                    missing |= 1L << strip;
                }
                else
                {
                    members.get(layout.slot(stripe, strip)).read(ArrayKind.DATA_OFFSET_BYTES +
                        layout.offsetBytes(stripe, strip), strips[strip], 0, length);
                }
            }
            if (missing != 0)
            {
                code.recover(strips, missing, 0, length);
            }
            for (int strip = 0; strip < layout.dataStrips(); strip++)
            {
                strips[strip].get(0, content, (int)layout.arrayOffset(stripe) + strip * layout.chunkBytes(), length);
            }
        }
        return content;
    }

    private ByteBuffer[] buffers()
    {
        final ByteBuffer[] strips = new ByteBuffer[layout.strips()];
        for (int i = 0; i < strips.length; i++)
        {
            strips[i] = AlignedBuffers.allocate(layout.chunkBytes());
        }
        return strips;
    }

    void settle()
    {
        final List<Integer> roles = new ArrayList<>();
        for (int i = 0; i < members.size(); i++)
        {
            roles.add(i == failed ? MdSuperblock.ROLE_FAULTY : i);
        }
        for (int i = 0; i < members.size(); i++)
        {
            if (i != failed)
            {
                if (array.bitmapChunkBytes() > 0)
                {
                    final BitmapImage image = new BitmapImage(array);
                    image.setEvents(events, failed < 0 ? events : 0);
                    MemberFormat.writeBitmap(members.get(i), image);
                }
                MemberFormat.writeSuperblock(members.get(i), array, new MemberRecord(i, uuids[i],
                    ArrayKind.DATA_OFFSET_BYTES, ArrayKind.MEMBER_BYTES - ArrayKind.DATA_OFFSET_BYTES,
                    events, MemberRecord.CLEAN, MemberRecord.IN_SYNC, 1_700_000_000, false, roles));
                members.get(i).flush();
            }
        }
    }

    @Override
    public void close()
    {
        members.forEach(BlockDevice::close);
    }
}
