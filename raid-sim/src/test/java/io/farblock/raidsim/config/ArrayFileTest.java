package io.farblock.raidsim.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.powersim.plan.PlanException;
import io.farblock.raidsim.disk.DiskProfile;
import io.farblock.raidsim.plan.PlanDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Array files: what is read of a right one, and what is said of a wrong one. */
class ArrayFileTest
{
    private static final String TWO_DISKS = """
        [[disk]]
        file = "a.img"
        size = "4M"
        [[disk]]
        file = "b.img"
        size = "4M"
        """;

    @TempDir
    private Path directory;

    @Test
    void shouldReadEveryKey() throws Exception
    {
        final Path file = file("""
            [array]
            name = "lab"
            level = 10
            layout = "offset=2"
            chunk = "128K"
            bitmap = "1M"
            limit = "200M/s"
            plan = "faults.toml"
            log = "/var/log/faults.log"
            [[disk]]
            file = "disks/a.img"
            size = "1GiB"
            model = "hdd"
            seed = 7
            [[disk]]
            file = "b.img"
            size = 4194304
            [[disk]]
            file = "c"
            size = "4M"
            spare = true
            """);

        final ArrayConfig config = ArrayFile.read(file);

        assertThat(config.journal()).isNull();
        assertThat(config.name()).isEqualTo("lab");
        assertThat(config.shape().level()).isEqualTo(RaidLevel.RAID10);
        assertThat(config.shape().layout()).isEqualTo(0x10201);
        assertThat(config.shape().chunkBytes()).isEqualTo(128 * 1024);
        assertThat(config.shape().bitmapChunkBytes()).isEqualTo(1 << 20);
        assertThat(config.limitBytesPerSecond()).isEqualTo(200L << 20);
        assertThat(config.plan()).isEqualTo(directory.resolve("faults.toml"));
        assertThat(config.log()).isEqualTo(Path.of("/var/log/faults.log"));
        assertThat(config.slots()).isEqualTo(2);
        assertThat(config.disks()).containsExactly(
            new DiskConfig("a", directory.resolve("disks/a.img"), 1 << 30, DiskProfile.HDD, 7, false),
            new DiskConfig("b", directory.resolve("b.img"), 4 << 20, null, 1, false),
            new DiskConfig("c", directory.resolve("c"), 4 << 20, null, 2, true));
    }

    @Test
    void shouldChooseWhatIsLeftOpen() throws Exception
    {
        final Path file = file("[array]\nname = \"lab\"\nlevel = 1\n" + TWO_DISKS);

        final ArrayConfig config = ArrayFile.read(file);

        assertThat(config.shape().chunkBytes()).isZero();
        assertThat(config.shape().bitmapChunkBytes()).isEqualTo(64 * 1024);
        assertThat(config.limitBytesPerSecond()).isZero();
        assertThat(config.plan()).isNull();
    }

    @Test
    void shouldTellAllMistakesAtOnce() throws Exception
    {
        final Path file = file("""
            [array]
            name = "la b"
            level = 7
            limit = "fast"
            colour = "red"
            [[disk]]
            file = "a.img"
            size = "5000"
            model = "tape"
            [[disk]]
            file = "sub/a.img"
            size = "4M"
            spare = "yes"
            [[disk]]
            size = "4M"
            """);

        final List<String> lines = mistakes(file);

        assertThat(lines).hasSize(9);
        assertThat(lines.get(0)).isEqualTo(file + ":2: array.name: found \"la b\", expected 1 to 32 letters, digits, " +
            "dots, colons, dashes and underscores (rename it)");
        assertThat(lines.get(1)).startsWith(file + ":3: array.level: found 7, expected 0, 1, 5, 6 or 10");
        assertThat(lines.get(2)).startsWith(file + ":4: array.limit: found \"fast\", expected a speed such as");
        assertThat(lines.get(3)).startsWith(file + ":5: array.colour: found \"colour\", expected one of name, level");
        assertThat(lines.get(4)).startsWith(file + ":8: disk.size: found \"5000\", expected from 1048576");
        assertThat(lines.get(5)).startsWith(file + ":9: disk.model: found \"tape\", expected one of hdd");
        assertThat(lines.get(6)).startsWith(file + ":11: disk.file: found \"sub/a.img\", expected a disk of another");
        assertThat(lines.get(7)).startsWith(file + ":13: disk.spare: found \"yes\", expected true or false");
        assertThat(lines.get(8)).startsWith(file + ":14: disk.file: found nothing, expected a path");
    }

    @Test
    void shouldRefuseShapesThatNoArrayHas() throws Exception
    {
        assertThat(mistakes("level = 6\n")).singleElement().asString().contains("array.level: found 6", "4 or more");
        assertThat(mistakes("level = 1\nchunk = \"64K\"\n")).singleElement().asString().contains("array.chunk");
        assertThat(mistakes("level = 0\nbitmap = \"auto\"\n")).singleElement().asString().contains("array.bitmap");
        assertThat(mistakes("level = 5\nchunk = \"96K\"\n")).singleElement().asString().contains("a power of two");
        assertThat(mistakes("level = 5\nlayout = \"near=2\"\n")).singleElement().asString()
            .contains("\"left-symmetric\"");
        assertThat(mistakes("level = 10\nlayout = \"far=3\"\n")).singleElement().asString()
            .contains("no more copies than disks");
    }

    @Test
    void shouldReadAJournal() throws Exception
    {
        final Path file = file("[array]\nname = \"lab\"\nlevel = 5\n" + TWO_DISKS +
            "[journal]\nfile = \"log0.img\"\nmodel = \"nvme\"\n");

        final ArrayConfig config = ArrayFile.read(file);

        assertThat(config.journal()).isEqualTo(
            new DiskConfig("log0", directory.resolve("log0.img"), 64 << 20, DiskProfile.NVME, 2, false));
        assertThat(config.slots()).isEqualTo(2);
        assertThat(config.planDisks()).extracting(PlanDisk::name).containsExactly("a", "b", "log0");
    }

    @Test
    void shouldTellWhatIsWrongWithAJournal() throws Exception
    {
        assertThat(mistakes("level = 5\n[journal]\nfile = \"b.raw\"\nsize = \"4M\"\nspare = true\n"))
            .hasSize(3)
            .anyMatch((line) -> line.contains(":5: journal.file: found \"b.raw\", expected a disk of another"))
            .anyMatch((line) -> line.contains(":6: journal.size: found \"4M\", expected from 8388608"))
            .anyMatch((line) -> line.contains(":7: journal.spare: found \"spare\", expected one of file, size"));
        assertThat(mistakes("level = 10\n[journal]\nfile = \"log0.img\"\n")).singleElement().asString()
            .contains(":4: journal: found \"level 10\", expected level 5 or 6: only they");
        assertThat(mistakes("level = 5\njournal = 7\n")).singleElement().asString().contains("array.journal");
        assertThat(mistakes(file("journal = 7\n[array]\nname = \"lab\"\nlevel = 5\n" + TWO_DISKS)))
            .singleElement().asString().contains(":1: journal: found 7, expected [journal] with file");
    }

    @Test
    void shouldSayWhatIsNoFileOfOurs() throws Exception
    {
        final Path binary = directory.resolve("binary");
        Files.write(binary, new byte[]{(byte)0xff, 0, 1});

        assertThat(mistakes(directory.resolve("none.toml"))).singleElement().asString().contains("NoSuchFile");
        assertThat(mistakes(binary)).singleElement().asString().contains("found binary data");
        assertThat(mistakes(file("[array\n"))).singleElement().asString().contains(":1: syntax");
        assertThat(mistakes(file(""))).hasSize(2);
    }

    private List<String> mistakes(final String keys) throws IOException
    {
        return mistakes(file("[array]\nname = \"lab\"\n" + keys + TWO_DISKS));
    }

    private static List<String> mistakes(final Path file)
    {
        return catchThrowableOfType(PlanException.class, () -> ArrayFile.read(file)).lines();
    }

    private Path file(final String text) throws IOException
    {
        return Files.writeString(directory.resolve("array.toml"), text);
    }
}
