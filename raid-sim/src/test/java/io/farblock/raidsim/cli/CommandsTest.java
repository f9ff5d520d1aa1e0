package io.farblock.raidsim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farblock.blockdev.DeviceBytes;
import io.farblock.blockdev.LeakCheck;
import io.farblock.raidsim.cli.CommandLab.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The life of an array, as commands make it. */
class CommandsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("raid-", "nbd-", "lab-");

    private static final byte[] DATA = DeviceBytes.pattern(1, 1 << 20);

    @TempDir
    private Path directory;

    @Test
    void shouldRebuildOntoASpareThatIsAdded() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n", 4, 3))
        {
            assertThat(lab.done("create")).contains("made lab: RAID 5 on 3 disks");
            lab.serve().write(0, DATA);
            lab.done("remove", "disk3");
            assertThat(lab.done("fail", "1")).contains("disk1 is out; degraded");
            assertThat(lab.done("pull", "disk1")).contains("disk1 is pulled");
            assertThat(lab.done("add", "disk3")).contains("disk3 is");
            lab.awaitStatus("{\"name\":\"disk3\",\"slot\":1,\"state\":\"in sync\"");

            final String picture = lab.done("status");

            assertThat(picture).contains("1  disk3  in sync", "-  disk1  failed", "pulled");
            assertThat(lab.done("scrub", "--wait")).contains("check ended, 0 sectors differ");
            assertThat(lab.read(0, DATA.length)).isEqualTo(DATA);
            assertThat(lab.stop()).isZero();
        }
    }

    @Test
    void shouldShowTheSuperblocksWhenNobodyServes() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 1\n", 3, 2))
        {
            lab.done("create");
            lab.serve().done("remove", "disk2");
            lab.done("fail", "disk0");
            lab.stop();

            final Outcome status = lab.run("status");

            assertThat(status.exit()).isZero();
            assertThat(status.out()).contains(
                "not served; by the superblocks 1 of 2 members are in sync, and it was stopped cleanly",
                "1  disk1  in sync", "-  disk0  failed", "-  disk2  out of date");
        }
    }

    @Test
    void shouldReplaceAMemberWhileItWorks() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 6\n", 5, 4))
        {
            lab.done("create");
            lab.serve().write(4096, DATA);

            lab.done("replace", "2", "disk4");

            lab.awaitStatus("{\"name\":\"disk4\",\"slot\":2,\"state\":\"in sync\"");
            assertThat(lab.read(4096, DATA.length)).isEqualTo(DATA);
        }
    }

    @Test
    void shouldFindAndRepairWhatAFaultDid() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 1\nlog = \"faults.log\"\n", 2, 2))
        {
            lab.done("create");
            lab.serve().write(0, DATA);
            assertThat(lab.done("fault", "disk1", "bit-rot", "offset=1M", "length=8K"))
                .isEqualTo("disk1 has bit-rot\n");

            final Outcome check = lab.run("scrub", "--wait");

            assertThat(check.exit()).isEqualTo(4);
            lab.done("scrub", "--repair", "--wait");
            assertThat(lab.done("scrub", "--wait")).contains("check ended, 0 sectors differ");
            assertThat(Files.readString(directory.resolve("faults.log"))).contains("inject time=", "BitRot",
                "hit time=");
        }
    }

    @Test
    void shouldCarryOutThePlanOfTheFile() throws Exception
    {
        Files.writeString(directory.resolve("plan.toml"), """
            [[fault]]
            disk = "disk1"
            kind = "loss"
            after-bytes = "512K"
            """);
        try (CommandLab lab = new CommandLab(directory, "level = 1\nplan = \"plan.toml\"\n", 2, 2))
        {
            lab.done("create");
            lab.serve().write(0, DATA);
            lab.write(DATA.length, DATA);

            lab.awaitStatus("{\"name\":\"disk1\",\"slot\":-1,\"state\":\"failed\"");

            assertThat(lab.done("plug", "disk1")).contains("disk1 is back, and out of the array until it is added");
            lab.done("add", "disk1");
            lab.awaitStatus("{\"name\":\"disk1\",\"slot\":1,\"state\":\"in sync\"");
        }
    }

    @Test
    void shouldLetOneServerHaveAnArray() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 0\n", 2, 2))
        {
            lab.done("create");
            lab.serve();

            final Outcome second = lab.run("serve", "--listen", "unix:" + directory.resolve("other.sock"));
            final Outcome created = lab.run("create", "--force");

            assertThat(second.exit()).isEqualTo(3);
            assertThat(second.err()).contains("another raid-sim has this array");
            assertThat(created.exit()).isEqualTo(3);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(lab.file + ".sock"))))
                .isEqualTo("rw-------");
        }
    }

    @Test
    void shouldSayWhatCannotBeDone() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\n", 3, 3))
        {
            final Outcome unserved = lab.run("fail", "disk0");
            final Outcome nothing = lab.run("serve", "--listen", lab.address.toString());
            lab.done("create");
            final Outcome again = lab.run("create");
            lab.serve();

            assertThat(unserved.exit()).isEqualTo(3);
            assertThat(unserved.err()).contains("nobody serves", "raid-sim serve " + lab.file);
            assertThat(nothing.exit()).isEqualTo(1);
            assertThat(nothing.err()).contains("make it with raid-sim create");
            assertThat(again.err()).contains("belongs to the array lab", "force");
            assertThat(lab.run("fail", "disk9").exit()).isEqualTo(2);
            assertThat(lab.run("fail", "disk9").err()).contains("there is no disk \"disk9\"; expected", "disk0, disk1");
            assertThat(lab.run("add", "disk1").err()).contains("disk1 is in sync in slot 1; expected one that is");
            assertThat(lab.run("remove", "disk1").exit()).isEqualTo(3);
            assertThat(lab.run("plug", "disk1").exit()).isEqualTo(3);
            assertThat(lab.run("limit", "fast").err()).contains("\"fast\" is no limit; expected a speed such as");
            assertThat(lab.run("fault", "disk1", "rust").err()).contains("fault.kind: found \"rust\"");
            assertThat(lab.run("fault", "disk1", "loss", "now").err()).contains("expected key=value");
            assertThat(lab.done("limit", "2M/s")).contains("at most 2 MiB/s");
        }
    }

    @Test
    void shouldKeepFilesThatHoldSomethingElse() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 1\n", 2, 2))
        {
            final Path precious = Files.write(directory.resolve("disk1.img"), DeviceBytes.pattern(9, 4 << 20));

            final Outcome refused = lab.run("create");

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("disk1.img holds data", "--force");
            assertThat(directory.resolve("disk0.img")).doesNotExist();
            assertThat(Files.readAllBytes(precious)).isEqualTo(DeviceBytes.pattern(9, 4 << 20));
        }
    }

    @Test
    void shouldRefuseBadArguments() throws Exception
    {
        try (CommandLab lab = new CommandLab(directory, "level = 5\nlimit = 3\n", 3, 3))
        {
            assertThat(lab.run("serve").exit()).isEqualTo(2);
            assertThat(lab.run("serve", "--listen", "nowhere:x:y").err()).contains("is no NBD address");
            assertThat(lab.run("create").exit()).isEqualTo(2);
            assertThat(lab.run("create").err()).contains("lab.toml:4: array.limit: found 3, expected a speed");
            assertThat(lab.run("explode").exit()).isEqualTo(2);
            assertThat(lab.run("fail").err()).contains("DISK");
        }
    }

    @Test
    void shouldServeOtherPrograms() throws Exception
    {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/nbdcopy")), "needs nbdcopy of the package libnbd-bin");
        try (CommandLab lab = new CommandLab(directory, "level = 10\nlayout = \"far=2\"\n", 3, 3))
        {
            lab.done("create");
            lab.serve();
            final Path image = Files.write(directory.resolve("image"), DATA);

            final Process copy = new ProcessBuilder("nbdcopy", image.toString(), lab.address.uri("lab"))
                .redirectErrorStream(true).start();
            final String said = new String(copy.getInputStream().readAllBytes());

            assertThat(copy.waitFor()).as(said).isZero();
            assertThat(lab.read(0, DATA.length)).isEqualTo(DATA);
        }
    }
}
