package io.farblock.blockdev.linux;

/**
 * How a device is opened; an immutable value. The defaults are the careful ones: direct I/O, and nobody else may have
 * the target of writes open. {@code OpenMode.readWrite().buffered()} changes one thing at a time.
 *
 * @param writable  whether write, zero and discard are allowed; otherwise they return {@code -EROFS}.
 * @param direct    past the page cache, where the file system can; otherwise through it.
 * @param exclusive refuse a block device that is mounted or claimed, a file that a loop device or another exclusive
 *                  opener uses.
 */
public record OpenMode(boolean writable, boolean direct, boolean exclusive)
{
    /** Reading only, direct, beside whoever else uses the device: for a source. */
    public static OpenMode readOnly()
    {
        return new OpenMode(false, true, false);
    }

    /** Reading and writing, direct, exclusive: for a target. */
    public static OpenMode readWrite()
    {
        return new OpenMode(true, true, true);
    }

    /** The same, through the page cache. */
    public OpenMode buffered()
    {
        return new OpenMode(writable, false, exclusive);
    }

    /** The same, refusing a device that is in use. */
    public OpenMode asExclusive()
    {
        return new OpenMode(writable, direct, true);
    }

    /** The same, beside whoever else uses the device. */
    public OpenMode shared()
    {
        return new OpenMode(writable, direct, false);
    }

    /** For messages: "for exclusive reading and writing". */
    String purpose()
    {
        return "for " + (exclusive ? "exclusive " : "") + (writable ? "reading and writing" : "reading");
    }
}
