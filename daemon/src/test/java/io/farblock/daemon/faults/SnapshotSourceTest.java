package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image that is written to while its snapshot is read: what arrives is one instant of it. */
@Timeout(300)
class SnapshotSourceTest
{
    private static final long SIZE_BYTES = 48L << 20;
    private static final long FILE_SYSTEM_BYTES = 320L << 20;
    private static final int NUMBER_BYTES = 4096;

    @TempDir
    private Path directory;
    private RootTools root;
    private TwoDaemons daemons;
    private Path mount;

    @BeforeEach
    void prepare() throws IOException
    {
        root = new RootTools();
        daemons = new TwoDaemons(directory);
        daemons.groupKeys = "consistency = \"snapshot\"\n";
    }

    @AfterEach
    void stop() throws IOException
    {
        daemons.close();
        root.close();
    }

    @Test
    void shouldReadOneInstantOfAnImageThatIsWrittenTo() throws Exception
    {
        imageOn("mkfs.xfs", "-q", "-f");
        daemons.start();
        daemons.limit(8 << 20);
        final CompletableFuture<EpochResult> asked = daemons.epochBegun();

        final long last = writeUntil(asked);

        final EpochResult result = asked.get(60, TimeUnit.SECONDS);
        assertThat(result.sealed()).as(result.reason()).isTrue();
        assertThat(result.consistency()).isEqualTo("crash");
        try (FileChannel replica = FileChannel.open(daemons.replica))
        {
            final long first = number(replica, 0);
            assertThat(number(replica, SIZE_BYTES - NUMBER_BYTES)).isBetween(first - 1, first);
            assertThat(first).isLessThan(last);
        }
        assertNothingLeft();
        daemons.limit(0);
        daemons.sealed();
    }

    @Test
    void shouldRemoveTheSnapshotOfALifeThatWasKilled() throws Exception
    {
        imageOn("mkfs.xfs", "-q", "-f");
        daemons.start();
        daemons.limit(1 << 20);
        daemons.epochBegun();
        daemons.awaitWireBytes(1 << 20);
        daemons.source.kill();

        daemons.limit(0);
        daemons.source.start();

        daemons.sealed();
        assertNothingLeft();
    }

    @Test
    void shouldSayThatAFileSystemCannotMakeSnapshots() throws Exception
    {
        imageOn("mkfs.ext4", "-q", "-F");
        daemons.start();

        final EpochResult result = daemons.epoch();

        assertThat(result.sealed()).isFalse();
        assertThat(result.reason()).contains("ext").contains("expected XFS");
    }

    @Test
    void shouldReadWhatAHookMade() throws Exception
    {
        Images.random(daemons.image, SIZE_BYTES, new Random(2));
        final Path copy = directory.resolve("copy");
        daemons.volumeKeys = "snapshot = \"hook\"\nsnapshot_create = [\"/bin/sh\", \"-c\", '''cp " + daemons.image +
            " " + copy + "; echo " + copy + "''']\nsnapshot_remove = [\"rm\", \"" + copy + "\"]\n";
        daemons.start();

        assertThat(daemons.sealed().consistency()).isEqualTo("crash");
        assertThat(copy).doesNotExist();
    }

    private void imageOn(final String... mkfs) throws IOException
    {
        final Path file = directory.resolve("file-system.img");
        Images.sparse(file, FILE_SYSTEM_BYTES);
        mount = root.mount(root.attach(file), directory.resolve("mount"), mkfs);
        daemons.image = mount.resolve("disk.img");
        Images.random(daemons.image, SIZE_BYTES, new Random(1));
    }

    /** A rising number at the begin, then at the end, again and again; returns the last one. */
    private long writeUntil(final CompletableFuture<EpochResult> done) throws IOException
    {
        long number = 0;
        try (FileChannel image = FileChannel.open(daemons.image, StandardOpenOption.WRITE))
        {
            while (!done.isDone())
            {
                number++;
                write(image, 0, number);
                write(image, SIZE_BYTES - NUMBER_BYTES, number);
            }
        }
        return number;
    }

    private static void write(final FileChannel image, final long offset, final long number) throws IOException
    {
        image.write(ByteBuffer.allocate(8).putLong(0, number), offset);
    }

    private static long number(final FileChannel image, final long offset) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate(8);
        image.read(bytes, offset);
        return bytes.getLong(0);
    }

    private void assertNothingLeft() throws IOException
    {
        try (Stream<Path> files = Files.list(mount))
        {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("disk.img");
        }
    }
}
