package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.raidsim.disk.DiskFault;
import io.farblock.replication.TestStorage;
import io.farblock.replication.merkle.TreeException;
import io.farblock.replication.merkle.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica on disks in memory: first copy, crashes in it, devices that fail. */
final class ReplicaVolumeTest
{
    private static final int BLOCK = 65536;
    private static final long SIZE_BYTES = 200L * BLOCK;
    private static final Path DEVICE = Path.of("/replica");

    @TempDir
    private Path directory;
    private final TestStorage storage = new TestStorage();
    private ReplicaVolume volume;

    @Test
    void shouldReadTheWindowAgainAfterACrashInTheFirstCopy() throws Exception
    {
        openNew("");
        volume.admitSeed(3, 2);
        volume.table().set(3, DeviceBytes.filled(9, 32));
        volume.table().sync();
        new DeviceBytes(storage.disks.get(DEVICE)).write(4 * BLOCK, DeviceBytes.filled(7, BLOCK));
        crash();

        assertThat(open()).isEmpty();
        rehash();

        assertThat(volume.table().has(3, new byte[32])).as("said by the table, never written").isTrue();
        assertThat(volume.table().has(4, digest(DeviceBytes.filled(7, BLOCK)))).as("written, unknown").isTrue();
        assertThat(volume.state()).isEqualTo(ReplicaState.SEEDING);
    }

    @Test
    void shouldRefuseADeviceThatHoldsDataUnlessItsIdIsGivenAndThenLearnWhatItHolds() throws Exception
    {
        new DeviceBytes(storage.disk(DEVICE, SIZE_BYTES)).write(SIZE_BYTES - 512, DeviceBytes.filled(1, 512));
        final String message = catchMessage(() -> openNew("wrong"));
        assertThat(storage.open).isEmpty();
        final String id = message.replaceAll(".*expected overwrite = \"([0-9a-f]+)\".*", "$1");

        assertThat(openNew(id)).isEmpty();
        assertThat(volume.isRehashing()).isTrue();
        rehash();

        final byte[] last = new byte[BLOCK];
        Arrays.fill(last, BLOCK - 512, BLOCK, (byte)1);
        assertThat(volume.table().has(199, digest(last))).isTrue();
    }

    @Test
    void shouldTakeABlankDeviceAndGiveAnotherIdForOtherContent() throws Exception
    {
        final MemoryBlockDevice device = new MemoryBlockDevice("d", 4 << 20);
        Signature.requireBlankOr("", device);
        new DeviceBytes(device).write(0, DeviceBytes.filled(1, 512));
        final String first = catchMessage(() -> Signature.requireBlankOr("", device));
        new DeviceBytes(device).write(0, DeviceBytes.filled(2, 512));

        final String second = catchMessage(() -> Signature.requireBlankOr("", device));

        assertThat(second).isNotEqualTo(first).contains("expected overwrite = ");
    }

    @Test
    void shouldLeaveNothingOpenWhenItCannotBeReopenedAndSucceedLater() throws Exception
    {
        openNew("");
        crash();
        for (final String name : new String[]{"table", "epoch"})
        {
            storage.missing.add(directory.resolve(name));
            assertThatThrownBy(() -> open()).isInstanceOf(IOException.class).hasMessageContaining("is missing");
            assertThat(storage.open).as(name).isEmpty();
            storage.missing.clear();
        }

        assertThat(open()).isEmpty();
    }

    @Test
    void shouldSayThatATableIsTooShortInsteadOfBreaking() throws Exception
    {
        openNew("");
        crash();
        storage.disks.remove(directory.resolve("table"));
        storage.disk(directory.resolve("table"), 512);

        assertThatThrownBy(() -> open()).isInstanceOf(IOException.class).hasMessageContaining("digest table");
    }

    @Test
    void shouldKeepTheReasonOfAFailedFlush() throws Exception
    {
        openNew("");
        volume.unknown(0, 8);
        storage.disks.get(DEVICE).inject(new DiskFault.FailingFlush(1));
        assertThat(volume.flush()).isEqualTo(-Errno.EIO);

        rehash();

        assertThat(volume.state()).isEqualTo(ReplicaState.FAILED);
        assertThat(volume.reason()).contains("flush");
        assertThat(open()).contains("has failed").contains("flush");
    }

    @Test
    void shouldReadAgainWhatWasWrittenWithoutItsDigests() throws Exception
    {
        openNew("");
        final TargetRing ring = new TargetRing(16 * BLOCK, BLOCK, 1);
        final SeedRun run = new SeedRun(ring);
        final TargetSlot slot = ring.ring.get(0);
        final byte[] content = DeviceBytes.filled(5, BLOCK);
        ring.slab.put(slot.blockOffset, content);
        slot.blockIndex = 6;
        slot.lengthBytes = BLOCK;
        System.arraycopy(digest(content), 0, slot.digest, 0, 32);
        run.add(volume, slot);
        volume.admitSeed(6, 1);
        final DiskFault fault = new DiskFault.Loss(Errno.ENXIO);
        storage.disks.get(directory.resolve("table")).inject(fault);

        assertThatThrownBy(run::write).isInstanceOf(TreeException.class);
        storage.disks.get(directory.resolve("table")).heal(fault);
        assertThat(volume.isRehashing()).isTrue();
        rehash();

        assertThat(volume.table().has(6, digest(content))).isTrue();
    }

    @Test
    void shouldRefuseAVolumeOfAnotherShape() throws Exception
    {
        openNew("");

        assertThat(volume.open(SIZE_BYTES, 2 * BLOCK)).contains("was made for");
        assertThat(volume.open(SIZE_BYTES / 2, BLOCK)).contains("was made for");
    }

    private String openNew(final String overwriteId) throws IOException
    {
        volume = new ReplicaVolume(
            new TargetConfig.Replica("alpha", "g", "v", DEVICE, overwriteId), directory, storage);
        return volume.open(SIZE_BYTES, BLOCK);
    }

    private String open() throws IOException
    {
        return volume.open(SIZE_BYTES, BLOCK);
    }

    /** The process dies and another one comes, with nothing of the old one's memory. */
    private void crash()
    {
        volume.close();
        volume = new ReplicaVolume(new TargetConfig.Replica("alpha", "g", "v", DEVICE, ""), directory, storage);
    }

    private void rehash()
    {
        while (volume.isRehashing())
        {
            volume.rehashStep();
        }
    }

    private static String catchMessage(final org.assertj.core.api.ThrowableAssert.ThrowingCallable call)
    {
        return org.assertj.core.api.Assertions.catchThrowable(call).getMessage();
    }

    private static byte[] digest(final byte[] content)
    {
        final byte[] digest = new byte[32];
        new Digest().of(ByteBuffer.wrap(content), digest);
        return digest;
    }
}
