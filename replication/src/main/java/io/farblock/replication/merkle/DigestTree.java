package io.farblock.replication.merkle;

import io.farblock.blockdev.BlockDevice;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A Merkle tree over the digests of a volume's blocks, in pages on a device (see {@link TreeShape}).
 *
 * <p>A tree may be laid over another: it then holds only the pages that were changed in it and reads all others from
 * below. That is how an epoch collects its digests: {@link #root()} shows what the whole would come to,
 * {@link #commit()} moves the pages down, {@link #reset()} throws them away. The tree below is not changed while one
 * over it holds pages.
 *
 * <p>Nodes whose children are all zero are zero themselves, so a sparse volume has a sparse tree. Inner nodes are
 * brought up to date by {@link #root()} from the pages touched since; {@link #rebuild()} does it from all leaves,
 * after a crash that may have left some in between.
 *
 * <p>One owning thread at a time. Device errors throw {@link TreeException}. Durable after {@link #sync()}.
 */
public final class DigestTree implements AutoCloseable
{
    private final BlockDevice device;
    private final DigestTree below;
    private final TreeShape shape;
    private final PageCache cache;
    private final BitSet touched = new BitSet();
    private final BitSet present = new BitSet();
    private final Digest hash = new Digest();
    private final byte[] scratch = new byte[TreeShape.DIGEST_BYTES];
    private final ByteBuffer window;

    /** A tree by itself. What is on the device is its content; a device of zeros is the tree of an all-zero volume. */
    public DigestTree(final BlockDevice device, final TreeShape shape)
    {
        this(device, shape, null);
    }

    private DigestTree(final BlockDevice device, final TreeShape shape, final DigestTree below)
    {
        if (device.geometry().sizeBytes() < shape.totalBytes())
        {
            throw new IllegalArgumentException("digest table " + device.name() + " has " +
                device.geometry().sizeBytes() + " bytes, expected at least " + shape.totalBytes());
        }
        this.device = device;
        this.shape = shape;
        this.below = below;
        this.cache = new PageCache(device, shape.totalPages());
        this.window = cache.memory().duplicate().order(cache.memory().order());
    }

    /** An empty tree over this one. Content of {@code scratchDevice} does not matter and need not be durable. */
    public DigestTree over(final BlockDevice scratchDevice)
    {
        return new DigestTree(scratchDevice, shape, this);
    }

    public TreeShape shape()
    {
        return shape;
    }

    /** Copies the digest of a block into {@code digest}. */
    public void get(final long block, final byte[] digest)
    {
        final DigestTree owner = ownerOf(pageOf(block));
        final int at = owner.cache.load(pageOf(block)) + slotOf(block);
        owner.cache.memory().get(at, digest, 0, TreeShape.DIGEST_BYTES);
    }

    /** Whether the block has this digest. */
    public boolean has(final long block, final byte[] digest)
    {
        get(block, scratch);
        return Arrays.equals(scratch, 0, TreeShape.DIGEST_BYTES, digest, 0, TreeShape.DIGEST_BYTES);
    }

    /** Sets the digest of a block. */
    public void set(final long block, final byte[] digest)
    {
        put(0, block, digest);
    }

    /** Sets blocks {@code [first, first + count)} to zero; costs by pages that hold something, not by blocks. */
    public void zero(final long first, final long count)
    {
        final long end = Math.min(first + count, shape.blocks());
        for (long block = nextNonZero(first); block < end; block = nextNonZero(block + 1))
        {
            Arrays.fill(scratch, (byte)0);
            put(0, block, scratch);
        }
    }

    /** The first block at or after {@code from} whose digest is not zero, or the number of blocks. */
    public long nextNonZero(final long from)
    {
        long block = from;
        while (block < shape.blocks())
        {
            final long pageEnd = Math.min((block / TreeShape.FANOUT + 1) * TreeShape.FANOUT, shape.blocks());
            if (!isHole(pageOf(block)))
            {
                for (; block < pageEnd; block++)
                {
                    get(block, scratch);
                    if (!Digest.isZero(scratch))
                    {
                        return block;
                    }
                }
            }
            block = skipHoles(pageEnd);
        }
        return shape.blocks();
    }

    /** Brings inner nodes up to date and returns a copy of the root. */
    public byte[] root()
    {
        if (below != null)
        {
            // Its inner pages are copied up from here on: stale ones would make a root that fits nothing.
            below.root();
        }
        for (int level = 0; level < shape.levels(); level++)
        {
            final long first = shape.page(level, 0);
            final long end = first + shape.pages(level);
            for (long page = touched.nextSetBit((int)first); page >= 0 && page < end;
                page = touched.nextSetBit((int)page + 1))
            {
                if (level + 1 < shape.levels())
                {
                    final byte[] digest = new byte[TreeShape.DIGEST_BYTES];
                    digestPage(page, digest);
                    put(level + 1, page - first, digest);
                }
                touched.clear((int)page);
            }
        }
        final byte[] root = new byte[TreeShape.DIGEST_BYTES];
        digestPage(shape.page(shape.levels() - 1, 0), root);
        return root;
    }

    /** Recomputes every inner node from the leaves. */
    public byte[] rebuild()
    {
        for (int level = 1; level < shape.levels(); level++)
        {
            for (long index = 0; index < shape.pages(level); index++)
            {
                if (!isHole(shape.page(level, index)))
                {
                    clearPage(shape.page(level, index));
                }
            }
        }
        for (long index = 0; index < shape.pages(0); index++)
        {
            if (!isHole(shape.page(0, index)))
            {
                touched.set((int)shape.page(0, index));
            }
        }
        return root();
    }

    /** Copies one page, as {@link #root()} last left it, to {@code target[index, index + 4096)}. */
    public void copyPage(final int level, final long index, final ByteBuffer target, final int targetIndex)
    {
        final long page = shape.page(level, index);
        final DigestTree owner = ownerOf(page);
        final int at = owner.cache.load(page);
        target.put(targetIndex, owner.cache.memory(), at, TreeShape.PAGE_BYTES);
    }

    /** Replaces one page of leaves; {@link #root()} brings its ancestors up to date. */
    public void replaceLeaves(final long index, final ByteBuffer source, final int sourceIndex)
    {
        final long page = shape.page(0, index);
        // Claimed first: when that fails, the page must not count as held here.
        cache.memory().put(cache.claim(page), source, sourceIndex, TreeShape.PAGE_BYTES);
        present.set((int)page);
        touched.set((int)page);
    }

    /** Moves what this tree holds into the one below and empties this one. Durable only after the other's sync. */
    public void commit()
    {
        root();
        for (int page = present.nextSetBit(0); page >= 0; page = present.nextSetBit(page + 1))
        {
            final int from = cache.load(page);
            final int to = below.cache.claim(page);
            below.present.set(page);
            below.cache.memory().put(to, cache.memory(), from, TreeShape.PAGE_BYTES);
        }
        reset();
    }

    /** Forgets what this tree holds over the one below. */
    public void reset()
    {
        cache.discard();
        present.clear();
        touched.clear();
    }

    /** Brings inner nodes up to date and makes everything durable. */
    public void sync()
    {
        root();
        cache.writeBack();
        // Without this, a power cut could keep a younger record that trusts these pages and lose the pages.
        TreeException.check(device.flush(), "flush", device, 0);
    }

    @Override
    public void close()
    {
        device.close();
    }

    private void put(final int level, final long child, final byte[] digest)
    {
        final long page = shape.page(level, child / TreeShape.FANOUT);
        final int at = own(page) + slotOf(child);
        cache.memory().put(at, digest, 0, TreeShape.DIGEST_BYTES);
        touched.set((int)page);
    }

    /** The page in this tree's own cache, ready to be changed: copied up from below the first time. */
    private int own(final long page)
    {
        if (below != null && !present.get((int)page))
        {
            final DigestTree owner = below.ownerOf(page);
            final int from = owner.cache.load(page);
            final int to = cache.claim(page);
            cache.memory().put(to, owner.cache.memory(), from, TreeShape.PAGE_BYTES);
            present.set((int)page);
            return to;
        }
        final int at = cache.load(page);
        present.set((int)page);
        cache.markDirty(at);
        return at;
    }

    private DigestTree ownerOf(final long page)
    {
        return below == null || present.get((int)page) ? this : below.ownerOf(page);
    }

    private void digestPage(final long page, final byte[] digest)
    {
        final DigestTree owner = ownerOf(page);
        final int at = owner.cache.load(page);
        owner.window.limit(at + TreeShape.PAGE_BYTES).position(at);
        hash.of(owner.window, digest);
    }

    private void clearPage(final long page)
    {
        final int at = cache.claim(page);
        for (int i = 0; i < TreeShape.PAGE_BYTES; i += 8)
        {
            cache.memory().putLong(at + i, 0);
        }
    }

    /** Whether the page was never written, in this tree or below: it then is all zeros. */
    private boolean isHole(final long page)
    {
        if (present.get((int)page))
        {
            return false;
        }
        if (below != null)
        {
            return below.isHole(page);
        }
        final long offset = page * TreeShape.PAGE_BYTES;
        final long data = device.nextData(offset);
        TreeException.check(data, "map", device, page);
        return data >= offset + TreeShape.PAGE_BYTES;
    }

    /** The first block at or after {@code block}, a page's first, whose page is not a hole. */
    private long skipHoles(final long block)
    {
        final long page = pageOf(Math.min(block, shape.blocks() - 1));
        if (block >= shape.blocks() || !isHole(page))
        {
            return block;
        }
        long next = shape.pages(0);
        for (DigestTree tree = this; tree != null; tree = tree.below)
        {
            final long own = tree.present.nextSetBit((int)page);
            next = own >= 0 ? Math.min(next, own) : next;
            if (tree.below == null)
            {
                final long data = tree.device.nextData(page * TreeShape.PAGE_BYTES);
                TreeException.check(data, "map", tree.device, page);
                next = Math.min(next, data / TreeShape.PAGE_BYTES);
            }
        }
        return Math.min(next * TreeShape.FANOUT, shape.blocks());
    }

    private long pageOf(final long block)
    {
        return shape.page(0, block / TreeShape.FANOUT);
    }

    private static int slotOf(final long child)
    {
        return (int)(child % TreeShape.FANOUT) * TreeShape.DIGEST_BYTES;
    }
}
