package io.farblock.blockdev.raid;

import static io.farblock.blockdev.raid.MemberBytes.SECTOR_BYTES;
import static io.farblock.blockdev.raid.UnusableException.require;

import io.farblock.blockdev.BlockDevice;
import io.farblock.blockdev.dirty.DirtyMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The write-intent bitmap that one member of an array holds: where the array may have been written shortly before the
 * power went. Or the reason why there is none that can be used, and then everything must be compared.
 *
 * <p>A set bit is on the disk before any of its chunk's data is written, and goes no sooner than one
 * {@link BitmapStatus#timeBaseS() time_base} (5 s unless set otherwise) after the last such write has ended. That holds
 * for members that the array still counted as its own: a member that dropped out stopped hearing of writes, and nothing
 * on it says so. Therefore a single member's ranges are not the answer; {@link WriteIntent} gives it from all of them.
 *
 * <p>Read it before the array is started for writing, or with its {@code sync_action} frozen: the resync that follows
 * a power cut clears the bits. Read on the calling thread, immutable afterwards; never throws for what is on the disk.
 */
public final class MdBitmap
{
    private final String member;
    private final MdSuperblock superblock;
    private final ChunkCoverage coverage;
    private final BitSet bits;
    private final BitmapHeader header;
    private final Unusable unusable;

    private MdBitmap(final String member, final MdSuperblock superblock, final ChunkCoverage coverage,
        final BitSet bits, final BitmapHeader header, final Unusable unusable)
    {
        this.member = member;
        this.superblock = superblock;
        this.coverage = coverage;
        this.bits = bits;
        this.header = header;
        this.unusable = unusable;
    }

    /** Reads a member: a disk or partition that the array consists of, opened for reading and past the page cache. */
    public static MdBitmap read(final BlockDevice member)
    {
        MdSuperblock superblock = null;
        try
        {
            final MemberBytes bytes = new MemberBytes(member);
            superblock = SuperblockSearch.find(bytes);
            requireBitmap(superblock);
            final long sector = superblock.sector() + superblock.bitmapOffset();
            final BitmapHeader header = BitmapHeader.parse(bytes.read(sector, BitmapHeader.BYTES), superblock);
            final ChunkCoverage coverage = ChunkCoverage.of(superblock, header);
            final BitSet bits = bits(bytes, superblock, header, sector);
            return new MdBitmap(member.name(), superblock, coverage, bits, header, null);
        }
        catch (final UnusableException ex)
        {
            return new MdBitmap(member.name(), superblock, null, null, null, ex.toUnusable(member.name()));
        }
    }

    private static void requireBitmap(final MdSuperblock superblock) throws UnusableException
    {
        require(!superblock.has(MdSuperblock.FEATURE_CLUSTERED), Unusable.Cause.CLUSTERED,
            "the array belongs to a cluster");
        require(!superblock.has(MdSuperblock.FEATURE_JOURNAL), Unusable.Cause.JOURNAL,
            "the array has a journal device instead of a bitmap");
        require(!superblock.has(MdSuperblock.FEATURE_PPL), Unusable.Cause.PARTIAL_PARITY_LOG,
            "the array has a partial parity log instead of a bitmap");
        require(superblock.has(MdSuperblock.FEATURE_BITMAP), Unusable.Cause.NO_BITMAP,
            "the array has no bitmap on its members (none, or in a file)");
        require(!superblock.has(MdSuperblock.FEATURE_RESHAPING), Unusable.Cause.RESHAPING,
            "the array was being reshaped");
    }

    private static BitSet bits(final MemberBytes bytes, final MdSuperblock superblock, final BitmapHeader header,
        final long sector) throws UnusableException
    {
        final int length = (int)((header.chunks() + 7) / 8);
        final long end = sector + (BitmapHeader.BYTES + length + SECTOR_BYTES - 1) / SECTOR_BYTES;
        require(end <= superblock.dataOffset() || sector >= superblock.dataOffset() + superblock.dataSectors(),
            Unusable.Cause.DAMAGED, "the bitmap at sectors " + sector + " to " + end + " lies in the array's data at " +
            superblock.dataOffset() + " + " + superblock.dataSectors());
        final ByteBuffer all = bytes.read(sector, BitmapHeader.BYTES + length);
        final BitSet bits = BitSet.valueOf(all.position(BitmapHeader.BYTES));
        bits.clear((int)header.chunks(), Math.max((int)header.chunks(), bits.length()));
        return bits;
    }

    /** Why the bitmap cannot be used; empty when it can. */
    public Optional<Unusable> unusable()
    {
        return Optional.ofNullable(unusable);
    }

    /** What was read. */
    public String member()
    {
        return member;
    }

    /** Where the bitmap says that the array may have been written, in order and merged; empty if it is unusable. */
    public List<ByteRange> dirtyRanges()
    {
        final List<ByteRange> ranges = new ArrayList<>();
        long from = 0;
        long to = 0;
        for (int chunk = next(0); chunk >= 0; chunk = next(chunk + 1))
        {
            if (coverage.from(chunk) > to)
            {
                add(ranges, from, to);
                from = coverage.from(chunk);
            }
            to = coverage.to(chunk);
        }
        add(ranges, from, to);
        return ranges;
    }

    /** Marks the same ranges in a map of the whole array. */
    public void addTo(final DirtyMap map)
    {
        for (final ByteRange range : dirtyRanges())
        {
            map.mark(range.offsetBytes(), range.lengthBytes());
        }
    }

    /** What the superblock says, if there is one; also for a member without a usable bitmap. */
    public Optional<MdSuperblock> superblock()
    {
        return Optional.ofNullable(superblock);
    }

    /** Size of the array, 0 if the bitmap is unusable. */
    public long arrayBytes()
    {
        return coverage == null ? 0 : coverage.arrayBytes();
    }

    /** How far apart the two passes are that clear a bit, as the bitmap itself says; 0 if it is unusable. */
    long timeBaseS()
    {
        return header == null ? 0 : header.timeBaseS();
    }

    /** What one bit stands for, 0 if the bitmap is unusable. */
    public long chunkBytes()
    {
        return header == null ? 0 : header.chunkBytes();
    }

    /** The event that the bitmap is of, 0 if it is unusable. */
    public long events()
    {
        return header == null ? 0 : header.events();
    }

    /** A member that is older than this event cannot be brought up to date by the bits; 0 if they are unusable. */
    public long eventsCleared()
    {
        return header == null ? 0 : header.eventsCleared();
    }

    /** A copy of the bits, one a chunk; empty if they are unusable. */
    public BitSet bits()
    {
        return bits == null ? new BitSet() : (BitSet)bits.clone();
    }

    private int next(final int chunk)
    {
        return bits == null ? -1 : bits.nextSetBit(chunk);
    }

    private static void add(final List<ByteRange> ranges, final long from, final long to)
    {
        if (to > from)
        {
            ranges.add(new ByteRange(from, to - from));
        }
    }
}
