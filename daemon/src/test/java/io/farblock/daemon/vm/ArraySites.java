package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.daemon.demo.LoopbackPort;
import io.farblock.daemon.faults.DaemonProcess;
import io.farblock.replication.status.TargetStatus.ReplicaStatus;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A source in a guest with an array of disks that forget what was not flushed, and its target on this machine. One
 * thread; closing ends both sides.
 */
final class ArraySites implements AutoCloseable
{
    private static final int BLOCK = 64 << 10;
    private static final long STATE_BYTES = 96 << 20;

    final Vm vm;
    final GuestArray array;
    final GuestDaemon source;
    private final DaemonProcess target;
    private final Path replica;
    private final int port;

    /** The machine is made, but neither side is started. */
    ArraySites(final Path directory, final MdLevel level, final long arrayBytes) throws IOException
    {
        VmTools.require();
        try (ServerSocket free = LoopbackPort.anyFree())
        {
            port = free.getLocalPort();
        }
        vm = new Vm(VmKernel.find(), directory);
        vm.addVolatileDisk(STATE_BYTES);
        for (int i = 0; i < level.members(); i++)
        {
            vm.addVolatileDisk(level.memberBytes(arrayBytes));
        }
        array = new GuestArray(vm, level, 1);
        source = GuestDaemon.source(vm, GuestArray.DEVICE, port);
        target = new DaemonProcess("beta", directory);
        replica = directory.resolve("replica.img");
    }

    /** Starts the target and the machine, makes the array, waits for its first sync and for md to forget it. */
    void start(final String createOptions) throws IOException, InterruptedException
    {
        target.start(targetConfig());
        vm.boot();
        vm.run("mkfs.ext4 -q -F -m 0 " + GuestDaemon.STATE_DISK);
        array.create(createOptions);
        array.awaitSynced();
        source.mountState();
        source.configure();
    }

    /** The machine after a cut, until the array is there and nothing has written to it. */
    void bootAgain() throws IOException
    {
        vm.boot();
        array.assemble();
        source.mountState();
        source.configure();
    }

    ReplicaStatus replicaStatus()
    {
        return target.status().target().replicas().get(0);
    }

    /** Both ways past all caches; where they differ, the error says which blocks do. */
    void assertSame(final String when) throws IOException
    {
        final String there = vm.run("dd if=/dev/md0 bs=1M iflag=direct status=none | md5sum | cut -c-32", 120);
        final String here = digest(0, Long.MAX_VALUE);
        if (!there.equals(here))
        {
            throw new AssertionError(when + ": the replica differs from the array in blocks " + differences() +
                "\n" + source.log() + "--- beta\n" + target.log());
        }
    }

    /** What the target knows of the volume's size. */
    long sizeBytes() throws IOException
    {
        final long sizeBytes = array.sizeBytes();
        assertThat(replicaStatus().sizeBytes()).isEqualTo(sizeBytes);
        return sizeBytes;
    }

    @Override
    public void close() throws IOException
    {
        try
        {
            source.close();
        }
        finally
        {
            vm.close();
            target.close();
        }
    }

    private List<Integer> differences() throws IOException
    {
        final String[] there = vm.run("dd if=/dev/md0 bs=1M iflag=direct status=none | split -b " + BLOCK +
            " --filter='md5sum | cut -c-32'", 300).split("\n");
        final List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < there.length; i++)
        {
            if (!there[i].equals(digest((long)i * BLOCK, BLOCK)))
            {
                blocks.add(i);
            }
        }
        return blocks;
    }

    private String digest(final long offset, final long length) throws IOException
    {
        try (FileChannel channel = FileChannel.open(replica))
        {
            final MessageDigest md5 = MessageDigest.getInstance("MD5");
            final ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
            final long end = Math.min(channel.size(), length == Long.MAX_VALUE ? length : offset + length);
            for (long at = offset; at < end; at += BLOCK)
            {
                buffer.clear().limit((int)Math.min(BLOCK, end - at));
                while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0)
                {
                    // a read may be short
                }
                md5.update(buffer.flip());
            }
            return HexFormat.of().formatHex(md5.digest());
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private String targetConfig()
    {
        return target.header() + "journal_limit = \"2GiB\"\njournal_reserve = \"1MiB\"\nwindow = \"4MiB\"\n" +
            "[listen]\naddresses = [\"127.0.0.1:" + port + "\"]\ninsecure = true\n" +
            "[[replica]]\npeer = \"alpha\"\ngroup = \"" + GuestDaemon.GROUP + "\"\nvolume = \"" + GuestDaemon.VOLUME +
            "\"\ndevice = \"" + replica + "\"\n";
    }
}
