package io.farblock.replication.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.linux.FileSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordFileTest
{
    private static final VolumeRecord RECORD =
        new VolumeRecord(1L << 40, 65536, 17, "ab".repeat(32), Consistency.FS, false, 1234567890123L, 42);

    @TempDir
    private Path directory;
    private Path path;
    private RecordFile file;

    @BeforeEach
    void name()
    {
        path = directory.resolve("record");
        file = new RecordFile(path, FileSync.KERNEL);
    }

    @Test
    void shouldGiveBackWhatWasWritten() throws IOException
    {
        file.write(RECORD);

        assertThat(new RecordFile(path, FileSync.KERNEL).read()).contains(RECORD);
    }

    @Test
    void shouldBeEmptyBeforeTheFirstRecord() throws IOException
    {
        assertThat(file.read()).isEmpty();
    }

    @Test
    void shouldReplaceTheWholeRecordAndLeaveNothingElseBehind() throws IOException
    {
        file.write(RECORD);

        file.write(RECORD.sealed(18, "", Consistency.APP));

        assertThat(file.read()).contains(new VolumeRecord(1L << 40, 65536, 18, "", Consistency.APP, true, 0, 0));
        try (Stream<Path> names = Files.list(directory))
        {
            assertThat(names).containsExactly(path);
        }
    }

    @Test
    void shouldKeepTheOldRecordWhenACrashLeftHalfOfANewOne() throws IOException
    {
        file.write(RECORD);
        Files.writeString(directory.resolve("record.new"), "sizeBytes=1\nblo");

        assertThat(file.read()).contains(RECORD);
        file.write(RECORD.window(1, 2));
        assertThat(file.read()).contains(RECORD.window(1, 2));
    }

    @Test
    void shouldRefuseARecordThatIsCutAnywhere() throws IOException
    {
        file.write(RECORD);
        final byte[] whole = Files.readAllBytes(path);
        // Without its last byte, a line feed, the record is still all there.
        for (int length = 0; length < whole.length - 1; length++)
        {
            Files.write(path, Arrays.copyOf(whole, length));

            assertDamaged("cut to " + length);
        }
    }

    @Test
    void shouldRefuseARecordWithAnyBitFlippedAndSayWhatToDo() throws IOException
    {
        file.write(RECORD);
        final byte[] whole = Files.readAllBytes(path);
        for (int bit = 0; bit < (whole.length - 1) * 8; bit++)
        {
            final byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Files.write(path, damaged);

            assertDamaged("bit " + bit);
        }
    }

    @Test
    void shouldNameTheFileOfARecordWithoutAKnownField() throws IOException
    {
        file.write(RECORD);
        final String body = "sizeBytes=1\n";
        final java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.writeString(path, body + "crc32c=" + Long.toHexString(crc.getValue()) + "\n");

        assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining(path.toString());
    }

    private void assertDamaged(final String what)
    {
        assertThatThrownBy(file::read).as(what).isInstanceOf(IOException.class)
            .hasMessageContaining(path + ": the record is damaged").hasMessageContaining("remove");
    }
}
