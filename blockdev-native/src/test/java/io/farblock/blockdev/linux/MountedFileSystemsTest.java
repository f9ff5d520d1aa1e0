package io.farblock.blockdev.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.LeakCheck;
import io.farblock.blockdev.bpf.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which file systems have to be stilled so that a device is: real mounts on loop devices, and trees like /sys. */
class MountedFileSystemsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("fb-");

    @TempDir
    private Path directory;

    private final MountedFileSystems mounted = new MountedFileSystems();
    private final Cleanup cleanup = new Cleanup();

    @AfterEach
    void cleanUp() throws IOException
    {
        cleanup.run();
    }

    @Test
    void shouldFindOneFileSystemHoweverOftenItIsMounted() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(32 << 20));
        final Path first = loop.mount();
        mount("second", "--bind", first.toString());
        mount("third", loop.device().toString());

        final List<MountedFileSystem> found = mounted.on(loop.device());

        assertThat(found).singleElement().satisfies(each ->
        {
            assertThat(each.mountPoint()).isEqualTo(first.toString());
            assertThat(each.type()).isEqualTo("ext4");
            assertThat(each.source()).isEqualTo(loop.device().toString());
        });
        assertThat(mounted.holds(found.get(0), directory.resolve("third"))).isTrue();
        assertThat(mounted.holds(found.get(0), directory)).isFalse();
    }

    @Test
    void shouldFindWhatIsMountedOnTheLoopDeviceOfAnImage() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(32 << 20));
        final Path mountPoint = loop.mount();

        final List<MountedFileSystem> found = mounted.on(loop.file());

        assertThat(found).extracting(MountedFileSystem::mountPoint).containsExactly(mountPoint.toString());
    }

    @Test
    void shouldFindWhatIsMountedOnPartitions() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(64 << 20, "-P"));
        addPartition(loop, 1, 2048);
        addPartition(loop, 2, 67584);
        final Path one = mount("one", loop.device() + "p1");
        final Path two = mount("two", loop.device() + "p2");

        final List<MountedFileSystem> ofDisk = mounted.on(loop.device());
        final List<MountedFileSystem> ofImage = mounted.on(loop.file());
        final List<MountedFileSystem> ofPart = mounted.on(Path.of(loop.device() + "p1"));

        assertThat(ofDisk).extracting(MountedFileSystem::mountPoint).containsExactly(two.toString(), one.toString());
        assertThat(ofImage).isEqualTo(ofDisk);
        assertThat(ofPart).extracting(MountedFileSystem::mountPoint).containsExactly(one.toString());
    }

    @Test
    void shouldReachMountPointsWithAnyName() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(32 << 20));
        LoopDevice.run(List.of("mkfs.ext4", "-q", "-F", loop.device().toString()));
        final Path odd = mount("with space\tand\nnewline \"quote's\" back\\slash", loop.device().toString());

        final List<MountedFileSystem> found = mounted.on(loop.device());

        assertThat(found).extracting(MountedFileSystem::mountPoint).containsExactly(odd.toString());
        try (FileSystemHandle handle = found.get(0).open())
        {
            assertThat(handle.sync()).isZero();
        }
    }

    @Test
    void shouldFindBothHalvesOfABtrfsByEither() throws IOException
    {
        final LoopDevice one = cleanup.add(LoopDevice.create(128 << 20));
        final LoopDevice two = cleanup.add(LoopDevice.create(128 << 20));
        LoopDevice.run(List.of("mkfs.btrfs", "-q", "-f", one.device().toString(), two.device().toString()));
        LoopDevice.run(List.of("btrfs", "device", "scan", one.device().toString(), two.device().toString()));
        final Path mountPoint = mount("half", one.device().toString());
        LoopDevice.run(List.of("btrfs", "subvolume", "create", mountPoint.resolve("sub").toString()));
        mount("sub", "--bind", mountPoint.resolve("sub").toString());

        final List<MountedFileSystem> ofOne = mounted.on(one.device());
        final List<MountedFileSystem> ofTwo = mounted.on(two.device());

        assertThat(ofOne).extracting(MountedFileSystem::mountPoint).containsExactly(mountPoint.toString());
        assertThat(ofTwo).isEqualTo(ofOne);
    }

    @Test
    void shouldLeaveOutWhatCannotBeWritten() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(32 << 20));
        final Path mountPoint = loop.mount();
        LoopDevice.run(List.of("mount", "-o", "remount,bind,ro", mountPoint.toString()));
        assertThat(mounted.on(loop.device())).as("only this mount is read-only").hasSize(1);
        LoopDevice.run(List.of("mount", "-o", "remount,ro", mountPoint.toString()));

        final List<MountedFileSystem> found = mounted.on(loop.device());

        assertThat(found).isEmpty();
    }

    @Test
    void shouldNotMistakeWhatIsMountedOverIt() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(32 << 20));
        final Path mountPoint = loop.mount();
        final MountedFileSystem before = mounted.on(loop.device()).get(0);
        mount(mountPoint, "-t", "tmpfs", "none");

        assertThatThrownBy(() -> mounted.on(loop.device()))
            .hasMessageContaining("no path leads to it").hasMessageContaining(mountPoint.toString());
        assertThatThrownBy(before::open).hasMessageContaining("the mounts have just changed");
    }

    @Test
    void shouldRefuseSwap() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(32 << 20));
        LoopDevice.run(List.of("mkswap", loop.device().toString()));
        try
        {
            LoopDevice.run(List.of("swapon", loop.device().toString()));
        }
        catch (final IOException ex)
        {
            LoopDevice.skip("no swap: " + ex.getMessage());
        }
        cleanup.add(() -> LoopDevice.run(List.of("swapoff", loop.device().toString())));

        assertThatThrownBy(() -> mounted.on(loop.file()))
            .hasMessageContaining("is in use as swap").hasMessageContaining("swapoff");
    }

    @Test
    void shouldRefuseWhatIsNoDevice()
    {
        assertThatThrownBy(() -> mounted.on(directory)).hasMessageContaining("it is a directory");
        assertThatThrownBy(() -> mounted.on(directory.resolve("none"))).hasMessageContaining("ENOENT");
    }

    @Test
    void shouldNotTakeUnreadableMountsForNone() throws IOException
    {
        final Path image = Files.createFile(directory.resolve("image"));

        assertThatThrownBy(() -> new MountedFileSystems(directory).on(image))
            .hasMessageContaining("/proc/self/mountinfo cannot be read");
    }

    /** dm and md do not exist on every kernel, so what is stacked is read from a tree: the mount is a real one. */
    @Test
    void shouldFindWhatIsMountedOnWhatIsStackedOnIt() throws IOException
    {
        final LoopDevice loop = cleanup.add(LoopDevice.create(1 << 20));
        final String disk = ProcSys.deviceOf(loop.device().toString());
        final FileStatus real = FileStatus.of(directory);
        write("sys/devices/disk/dev", disk);
        write("sys/devices/disk/part/dev", "251:1");
        write("sys/devices/disk/part/partition", "1");
        write("sys/devices/disk/part/holders/md7/dev", "251:7");
        write("sys/devices/md7/holders/dm-3/dev", "251:3");
        link(disk, "disk");
        link("251:1", "disk/part");
        link("251:7", "md7");
        write("proc/self/mountinfo", "%d 1 251:3 / %s rw - ext4 /dev/mapper/any rw%n5 1 251:4 / /other rw - ext4 x rw%n"
            .formatted(real.mount(), mountPointOf(real)));

        final List<MountedFileSystem> found = new MountedFileSystems(directory).on(loop.device());

        assertThat(found).extracting(MountedFileSystem::superblock).containsExactly("251:3");
    }

    private static String mountPointOf(final FileStatus status)
    {
        return new ProcSys(Path.of("/")).mounts().stream().filter(mount -> mount.id() == status.mount())
            .findFirst().orElseThrow().path();
    }

    private void write(final String path, final String content) throws IOException
    {
        final Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void link(final String device, final String node) throws IOException
    {
        final Path links = Files.createDirectories(directory.resolve("sys/dev/block"));
        Files.createSymbolicLink(links.resolve(device), directory.resolve("sys/devices").resolve(node));
    }

    /** Mounts at a new directory of that name. */
    private Path mount(final String name, final String... options) throws IOException
    {
        final Path at = Files.createDirectory(directory.resolve(name));
        mount(at, options);
        return at;
    }

    private void mount(final Path at, final String... options) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(at.toString());
        LoopDevice.run(command);
        cleanup.add(() -> LoopDevice.run(List.of("umount", at.toString())));
    }

    private static void addPartition(final LoopDevice loop, final int number, final long first) throws IOException
    {
        LoopDevice.run(List.of(
            "addpart", loop.device().toString(), String.valueOf(number), String.valueOf(first), "61440"));
        LoopDevice.run(List.of("mkfs.ext4", "-q", "-F", loop.device() + "p" + number));
    }
}
