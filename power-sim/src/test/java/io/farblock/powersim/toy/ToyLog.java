package io.farblock.powersim.toy;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.farblock.blockdev.linux.FileSync;
import io.farblock.powersim.explore.BrokenPromise;
import io.farblock.powersim.explore.CrashComponent;
import io.farblock.powersim.explore.Media;
import io.farblock.powersim.explore.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * The smallest write-ahead log that is right: a table of a few cells, changed in place, and a log that says so before.
 * Each of its syncs is needed. A put that was done is found after any cut, or a later one of the same key. One thread.
 *
 * <pre>
 *   table: key 0 | key 1 | key 2      512 bytes each: u64 number of the newest put
 *   log:   entry | entry | ...        512 bytes each: u32 number, u32 key, u32 CRC32C of both; the first is a head,
 *                                     whose number is that of the first put, and key -1
 * </pre>
 */
public final class ToyLog implements CrashComponent
{
    private static final int KEYS = 3;
    private static final int CELL_BYTES = 512;
    private static final int STEPS = 8;

    /** A put was asked for. */
    private record Asked(int number, int key)
    {
    }

    /** And was done. */
    private record Done(int number, int key)
    {
    }

    @Override
    public String name()
    {
        return "toy-log";
    }

    @Override
    public void run(final Media media, final Witness witness, final SplittableRandom random) throws Exception
    {
        try (Store store = new Store(media))
        {
            store.beginLog();
            for (int step = 0; step < STEPS; step++)
            {
                if (random.nextInt(4) > 0)
                {
                    put(store, witness, random.nextInt(KEYS));
                }
                else
                {
                    store.checkpoint();
                }
            }
        }
    }

    @Override
    public void recover(final Media survived, final Witness witness) throws Exception
    {
        try (Store store = new Store(survived))
        {
            store.redo();
            for (int key = 0; key < KEYS; key++)
            {
                check(witness, key, store.get(key));
            }
            store.next = 1 + witness.newest(Asked.class, new Asked(0, 0)).number();
            store.checkpoint();
            put(store, witness, store.next % KEYS);
        }
    }

    private static void put(final Store store, final Witness witness, final int key) throws IOException
    {
        final int number = store.next++;
        witness.note(new Asked(number, key));
        store.append(number, key);
        witness.note(new Done(number, key));
        store.set(key, number);
    }

    private static void check(final Witness witness, final int key, final long found) throws BrokenPromise
    {
        final long done = witness.facts(Done.class).stream().filter(each -> each.key() == key)
            .mapToLong(Done::number).max().orElse(0);
        BrokenPromise.unless(found >= done, "key " + key + " has put " + found + ", but " + done + " was done");
        BrokenPromise.unless(found == 0 || witness.facts().contains(new Asked((int)found, key)),
            "key " + key + " has put " + found + ", which nobody asked for");
    }

    /** The two files. */
    private static final class Store implements AutoCloseable
    {
        private final Path directory;
        private final FileSync sync;
        private final Path tablePath;
        private final Path logPath;
        private final FileChannel table;
        private FileChannel log;
        private int next = 1;

        Store(final Media media) throws IOException
        {
            directory = media.directory();
            sync = media.sync();
            tablePath = directory.resolve("table");
            logPath = directory.resolve("log");
            table = FileChannel.open(tablePath, CREATE, READ, WRITE);
        }

        long get(final int key) throws IOException
        {
            final ByteBuffer cell = ByteBuffer.allocate(CELL_BYTES);
            table.read(cell, (long)key * CELL_BYTES);
            return cell.getLong(0);
        }

        void set(final int key, final int number) throws IOException
        {
            table.write(ByteBuffer.allocate(CELL_BYTES).putLong(0, number), (long)key * CELL_BYTES);
        }

        void append(final int number, final int key) throws IOException
        {
            log.write(entry(number, key), log.size());
            // or a put that was done is in neither of the two
            sync.fsync(log, logPath);
        }

        void checkpoint() throws IOException
        {
            // or the puts of the old log are lost with it
            sync.fsync(table, tablePath);
            beginLog();
        }

        void beginLog() throws IOException
        {
            final Path fresh = directory.resolve("log.new");
            Files.deleteIfExists(fresh);
            closeLog();
            log = FileChannel.open(fresh, CREATE, READ, WRITE);
            log.write(entry(next, -1), 0);
            // or the name outlives the cut and the head does not
            sync.fsync(log, fresh);
            Files.move(fresh, logPath, StandardCopyOption.ATOMIC_MOVE);
            // or what is appended to the new log is looked for in the old one
            sync.fsyncDirectory(directory);
        }

        /** Does again what the log says. */
        void redo() throws IOException, BrokenPromise
        {
            if (!Files.exists(logPath))
            {
                // it was never begun: had it been, its name would be durable
                return;
            }
            log = FileChannel.open(logPath, READ, WRITE);
            final ByteBuffer entry = ByteBuffer.allocate(CELL_BYTES);
            BrokenPromise.unless(log.read(entry, 0) == CELL_BYTES && isWhole(entry) && entry.getInt(4) == -1,
                "the log has no head");
            int number = entry.getInt(0);
            for (long at = CELL_BYTES; log.read(entry.clear(), at) == CELL_BYTES && isWhole(entry) &&
                entry.getInt(0) == number; at += CELL_BYTES)
            {
                set(entry.getInt(4), number++);
            }
        }

        private static ByteBuffer entry(final int number, final int key)
        {
            final ByteBuffer entry = ByteBuffer.allocate(CELL_BYTES).putInt(0, number).putInt(4, key);
            return entry.putInt(8, crc(entry));
        }

        private static boolean isWhole(final ByteBuffer entry)
        {
            return entry.getInt(8) == crc(entry);
        }

        private static int crc(final ByteBuffer entry)
        {
            final CRC32C crc = new CRC32C();
            crc.update(entry.array(), 0, 8);
            return (int)crc.getValue();
        }

        private void closeLog() throws IOException
        {
            if (log != null)
            {
                log.close();
            }
        }

        @Override
        public void close() throws IOException
        {
            table.close();
            closeLog();
        }
    }
}
