package io.farblock.replication.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.linux.FileSync;
import io.farblock.replication.TestStorage;
import io.farblock.replication.journal.JournalSegment;
import io.farblock.replication.journal.SegmentBytes;
import io.farblock.replication.lineage.Consistency;
import io.farblock.replication.merkle.Digest;
import io.farblock.replication.merkle.DigestTree;
import io.farblock.replication.merkle.TreeShape;
import io.farblock.replication.wire.Frame;
import io.farblock.replication.wire.Frames;
import io.farblock.replication.wire.sbe.MessageHeaderEncoder;
import io.farblock.replication.wire.sbe.SealEpochEncoder;
import io.farblock.replication.wire.sbe.VolumeRootEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a crash left in the journal: applied, thrown away, or shown to an operator; and applied twice. */
final class SegmentCheckTest
{
    private static final int BLOCK = 4096;
    private static final long SIZE_BYTES = 64L * BLOCK;
    private static final Path DEVICE = Path.of("/replica");
    private static final byte[] CONTENT = DeviceBytes.filled(7, BLOCK);

    @TempDir
    private Path directory;
    private final TestStorage storage = new TestStorage();
    private ReplicaVolume volume;
    private ReplicaGroup group;
    private JournalSegment segment;

    @BeforeEach
    void begin() throws IOException
    {
        volume = new ReplicaVolume(
            new TargetConfig.Replica("alpha", "g", "v", DEVICE, ""), directory.resolve("v"), storage);
        volume.open(SIZE_BYTES, BLOCK);
        volume.sealed(1, Consistency.FUZZY);
        final TargetConfig config = new TargetConfig(
            "beta", directory, List.of(), List.of(), 1 << 30, 0, 1, 1 << 20, BLOCK);
        group = new ReplicaGroup("g", List.of(volume), directory.resolve("journal"), config, FileSync.KERNEL);
        group.openSegment(2, 1, 99);
        segment = group.segment();
        assertThat(SegmentVolumes.describe(segment, group, of -> 5)).isZero();
    }

    @AfterEach
    void end()
    {
        group.closeSegment();
    }

    @Test
    void shouldThrowAwayWhatWasNeverSealed() throws IOException
    {
        append(Frames.block(1, 5, 9, CONTENT, 1), root(5));

        assertThat(check()).isEqualTo(SegmentCheck.Verdict.UNSEALED);
        assertThat(volume.pending().root()).isEqualTo(volume.table().root());
    }

    @Test
    void shouldApplyASealedOneAsOftenAsItIsAsked() throws IOException
    {
        append(Frames.block(1, 5, 9, CONTENT, 1), Frames.block(2, 5, 10, CONTENT, 0), root(5));
        seal();
        assertThat(check()).isEqualTo(SegmentCheck.Verdict.SEALED);
        final ApplyPass pass = new ApplyPass(group, 2, Consistency.CRASH, BLOCK);
        for (int i = 0; i < 3; i++)
        {
            pass.restart();
        }

        while (!pass.isFinished())
        {
            assertThat(pass.step()).isNotNegative();
        }
        pass.close();

        final DeviceBytes bytes = new DeviceBytes(storage.disks.get(DEVICE));
        assertThat(bytes.read(9 * BLOCK, BLOCK)).isEqualTo(CONTENT);
        assertThat(bytes.read(10 * BLOCK, BLOCK)).isEqualTo(CONTENT);
        assertThat(volume.hasApplied(2)).isTrue();
        assertThat(volume.root()).isEqualTo(Digest.hex(expectedRoot()));
        assertThat(group.leftSegments()).isEmpty();
    }

    @Test
    void shouldCallASealedOneDamagedWhoseRecordBeforeTheSealIsNotIntact() throws IOException
    {
        final ByteBuffer bad = Frames.block(1, 5, 9, CONTENT, 0);
        bad.put(200, (byte)1);
        append(bad, Frames.block(2, 5, 10, CONTENT, 0), root(5));
        seal();

        assertThat(check()).isEqualTo(SegmentCheck.Verdict.DAMAGED);
        assertThat(volume.pending().root()).isEqualTo(volume.table().root());
    }

    /** By a cut in the middle of the seal: its pages are there, others are not, and nobody was told of it. */
    @Test
    void shouldThrowAwayADamagedOneThatWasNeverMarkedAsSealed() throws IOException
    {
        final ByteBuffer bad = Frames.block(1, 5, 9, CONTENT, 0);
        bad.put(200, (byte)1);
        append(bad, Frames.block(2, 5, 10, CONTENT, 0), root(5));
        seal();
        Files.delete(left().resolve("sealed"));

        assertThat(check()).isEqualTo(SegmentCheck.Verdict.UNSEALED);
    }

    /** What the headers of records say: nothing follows; this one is not finished; this one is Chronicle's own. */
    @ParameterizedTest
    @ValueSource(ints = {0, 0x8000_0000, 0x4000_0000})
    void shouldCallASealedOneDamagedWhateverAHeaderSays(final int said) throws IOException
    {
        append(Frames.block(1, 5, 9, CONTENT, 0), Frames.block(2, 5, 10, CONTENT, 0), root(5));
        seal();
        damageHeader(said);

        assertThat(checkAfterRestart()).isEqualTo(SegmentCheck.Verdict.DAMAGED);
    }

    /** Else the replica would be told to have an epoch whose blocks it has not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 0x8000_0000, 0x4000_0000})
    void shouldNotFinishAPassThatHasNotReadEveryRecord(final int said) throws IOException
    {
        append(Frames.block(1, 5, 9, CONTENT, 0), Frames.block(2, 5, 10, CONTENT, 0), root(5));
        seal();
        assertThat(check()).isEqualTo(SegmentCheck.Verdict.SEALED);
        damageHeader(said);
        final ApplyPass pass = new ApplyPass(group, 2, Consistency.CRASH, BLOCK);

        assertThatThrownBy(pass::step).isInstanceOf(IOException.class).hasMessageContaining("of 5 records");
        pass.close();

        assertThat(pass.isFinished()).isFalse();
        assertThat(volume.hasApplied(2)).isFalse();
        assertThat(group.leftSegments()).hasSize(1);
    }

    @Test
    void shouldThrowAwayATornEnd() throws IOException
    {
        final ByteBuffer bad = Frames.block(1, 5, 9, CONTENT, 0);
        bad.put(200, (byte)1);
        append(bad);

        assertThat(check()).isEqualTo(SegmentCheck.Verdict.UNSEALED);
    }

    @Test
    void shouldCallASealedOneDamagedThatDoesNotComeToItsRoot() throws IOException
    {
        append(Frames.block(1, 5, 9, CONTENT, 0), root(5));
        seal();

        assertThat(check()).isEqualTo(SegmentCheck.Verdict.DAMAGED);
    }

    @Test
    void shouldCallASealedOneDamagedWhoseVolumeIsNotThere() throws IOException
    {
        append(Frames.block(1, 6, 9, CONTENT, 0), root(6));
        seal();

        assertThat(check()).isEqualTo(SegmentCheck.Verdict.DAMAGED);
    }

    /** Of the record of block 9: its length is kept, its upper bits say something else, or all of it nothing. */
    private void damageHeader(final int said) throws IOException
    {
        final Path file = SegmentBytes.file(left());
        final byte[] content = new byte[64];
        Frames.block(1, 5, 9, CONTENT, 0).get(0, content);
        final int at = SegmentBytes.positionOf(file, content) - Integer.BYTES;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(header, at);
            header.putInt(0, said == 0 ? 0 : header.getInt(0) | said).clear();
            channel.write(header, at);
        }
    }

    private Path left()
    {
        return directory.resolve("journal/2-63-1");
    }

    private SegmentCheck.Verdict checkAfterRestart()
    {
        group.closeSegment();
        segment = JournalSegment.open(left());
        group.adoptSegment(segment);
        return check();
    }

    private SegmentCheck.Verdict check()
    {
        return new SegmentCheck(group, segment, BLOCK).run();
    }

    private void append(final ByteBuffer... frames)
    {
        for (final ByteBuffer frame : frames)
        {
            assertThat(segment.append(frame, 0, frame.capacity())).isZero();
        }
    }

    /** The root that blocks 9 and 10 come to. */
    private static byte[] expectedRoot()
    {
        final TreeShape shape = new TreeShape(64);
        final DigestTree tree = new DigestTree(new MemoryBlockDevice("expected", shape.totalBytes()), shape);
        final byte[] digest = new byte[32];
        new Digest().of(ByteBuffer.wrap(CONTENT), digest);
        tree.set(9, digest);
        tree.set(10, digest);
        return tree.root();
    }

    private static ByteBuffer root(final int handle)
    {
        return Frames.of(buffer -> new VolumeRootEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sequence(3).volumeId(handle).putRoot(expectedRoot(), 0, 32).limit());
    }

    private void seal()
    {
        final ByteBuffer frame = Frames.of(buffer -> new SealEpochEncoder()
            .wrapAndApplyHeader(buffer, Frame.BODY_OFFSET, new MessageHeaderEncoder())
            .sequence(4).attempt(1).epoch(2).limit());
        assertThat(segment.seal(frame, 0, frame.capacity())).isZero();
    }
}
