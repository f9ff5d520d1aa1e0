package io.farblock.daemon.vm;

import io.farblock.blockdev.linux.LoopDevice;
import io.farblock.daemon.dist.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of Debian's packaged kernels, downloaded and unpacked below {@code target} the first time, as
 * {@code -Dkernel=6.12} or {@code -Dkernel=linux-image-...} says: one that has virtio and virtiofs built in, since
 * there is no initramfs. Any thread; what is missing on this machine is an exception that names it.
 *
 * @param release as uname says it.
 * @param image   what boots.
 * @param modules its directory of modules.
 */
record VmKernel(String release, Path image, Path modules)
{
    private static final String NORMALLY = "6.12";
    private static final String META_PACKAGE = "linux-image-%s-cloud-amd64";

    static VmKernel find() throws IOException
    {
        final String told = VmTools.property("kernel", NORMALLY);
        final String name = told.startsWith("linux-image-") ? told : META_PACKAGE.formatted(told);
        final Path directory = ProjectRoot.find().resolve("daemon/target/vm").resolve(name);
        LoopDevice.run(List.of(VmTools.recipe("vm-kernel.sh").toString(), directory.toString(), name));
        final Path modules = only(directory.resolve("lib/modules"), "");
        return new VmKernel(modules.getFileName().toString(), only(directory.resolve("boot"), "vmlinuz-"), modules);
    }

    private static Path only(final Path directory, final String prefix)
    {
        try (Stream<Path> entries = Files.list(directory))
        {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + prefix + "* in " + directory + "; delete " +
                    directory.getParent() + ", and it is downloaded again"));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
