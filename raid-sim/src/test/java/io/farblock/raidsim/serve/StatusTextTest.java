package io.farblock.raidsim.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.powersim.command.JsonText;
import io.farblock.powersim.command.Style;
import io.farblock.raidsim.array.ArrayEvent;
import io.farblock.raidsim.disk.SmartAttributes;
import io.farblock.raidsim.md.ArrayDescription;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The picture of an array, stroke by stroke. */
class StatusTextTest
{
    private static final SmartAttributes FINE = new SmartAttributes(0, 1, 0, 0, 0, 0, 0, 0);

    @Test
    void shouldDrawARebuild()
    {
        final String drawn = StatusText.of(rebuilding(), Style.ASCII);

        assertThat(drawn).isEqualTo("""
            lab  RAID 5 on 3 disks, chunks of 64 KiB, bitmap of 64 KiB, holds 128 MiB
                 nbd+unix:///lab?socket=/run/lab.sock
            rebuilding 41.2 % (disk3), 1 of 3 members missing

              slot  disk   state       holds                 corrected  model  health
                 0  disk0  in sync     ####################          0  hdd    ok
                 1  disk3  rebuilding  ########............          0  none   ok
                 2  disk2  in sync     ####################         12  hdd    4 KiB lost, 3 pending, 2 reallocated
                 -  disk1  failed      ....................          0  hdd    pulled, 7 faults struck
                 -  log0   in use      journal                       -  ssd    ok

            recover  ############..................  41.2 %  26.4 MiB of 64 MiB  2 MiB/s  19 s left  (limit 2 MiB/s)

            writes   120 full stripes, 4 read-modify, 2 reconstruct
            reads    1.5 MiB computed from other disks
            scrub    8 KiB differed, at the last one
            events   2001-09-09 01:46:40Z  disk1 is out: told to fail it
                     2001-09-09 01:46:41Z  recover began: disk3 in slot 1
            """);
    }

    @Test
    void shouldDrawBlocksWhereTheyCanBeShown()
    {
        final String plain = StatusText.of(rebuilding(), Style.PLAIN);
        final String coloured = StatusText.of(rebuilding(), Style.COLOUR);

        assertThat(plain).contains("rebuilding  ████████░░░░░░░░░░░░").doesNotContain("\u001b");
        assertThat(coloured.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(plain);
        assertThat(coloured).contains("\u001b[31mfailed");
    }

    @Test
    void shouldWriteTheSameAsJson()
    {
        final String json = StatusJson.of(rebuilding());

        assertThat(json).endsWith("}\n").doesNotContain("\n{").contains("\"name\":\"lab\"", "\"served\":true",
            "\"percent\":41.2", "{\"name\":\"disk1\",\"slot\":-1,\"state\":\"failed\"", "\"reallocatedSectors\":2",
            "\"journal\":{\"name\":\"log0\",\"state\":\"in use\",",
            "{\"epochSeconds\":1000000000,\"kind\":\"FAILED\",\"slot\":1,");
        assertThat(JsonText.of("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\u000a\"");
    }

    private static ArrayStatus rebuilding()
    {
        final ArrayDescription array = new ArrayDescription(
            new UUID(1, 2), "lab", 0, RaidLevel.RAID5, 2, 65_536, 3, 64 << 20, 65_536);
        return new ArrayStatus(array, List.of("nbd+unix:///lab?socket=/run/lab.sock"), "rebuilding",
            "rebuilding 41.2 % (disk3), 1 of 3 members missing",
            new ArrayStatus.Progress("recover", 27_649_000, 64 << 20, 2 << 20, 2 << 20, 8192),
            new ArrayStatus.Counters(120, 4, 2, 1_572_864),
            List.of(new DiskStatus("disk0", 0, "in sync", 100, 0, 0, false, 0, "hdd", FINE),
                new DiskStatus("disk3", 1, "rebuilding", 41.2, 0, 0, false, 0, "none", FINE),
                new DiskStatus("disk2", 2, "in sync", 100, 12, 4096, false, 0, "hdd",
                    new SmartAttributes(3, 1, 2, 3, 0, 0, 5, 6)),
                new DiskStatus("disk1", -1, "failed", 0, 0, 0, true, 7, "hdd", FINE)),
            new DiskStatus("log0", -1, "in use", 0, 0, 0, false, 0, "ssd", FINE),
            List.of(new ArrayEvent(1_000_000_000, ArrayEvent.Kind.FAILED, 1, "disk1 is out: told to fail it"),
                new ArrayEvent(1_000_000_001, ArrayEvent.Kind.SYNC_STARTED, -1, "recover began: disk3 in slot 1")));
    }
}
