package io.farblock.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.raid.ByteRange;
import io.farblock.replication.status.SourceStatus.ArrayChange;
import io.farblock.replication.status.SourceStatus.ArrayStatus;
import io.farblock.replication.status.SourceStatus.BadBlocks;
import io.farblock.replication.status.SourceStatus.VolumeStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code farblock status --json} says of an array: what is bad where, and what changed when. */
class ArrayInJsonTest
{
    private static final VolumeStatus VOLUME = new VolumeStatus(
        "disk0", "/dev/md0", 1 << 20, 65536, "bpf", "ab", "", List.of(),
        new ArrayStatus("md0", "degraded", "degraded, 1 of 3 members missing, sdb failed",
            List.of(new BadBlocks("sdc", 4096, 1, List.of(new ByteRange(1_069_056, 4096))))),
        List.of(new ArrayChange(1_763_785_264_000L, "clean", "degraded", "1 of 3 members missing")), null, -1);

    @Test
    void shouldNameWhatIsBadAndWhatChanged()
    {
        final String line = ControlJson.line(VOLUME);

        assertThat(line).contains(
            "\"badBlocks\":[{\"member\":\"sdc\",\"bytes\":4096,\"places\":1," +
                "\"first\":[{\"offsetBytes\":1069056,\"lengthBytes\":4096}]}]",
            "\"changes\":[{\"atMs\":1763785264000,\"from\":\"clean\",\"to\":\"degraded\"," +
                "\"reason\":\"1 of 3 members missing\"}]");
        assertThat(ControlJson.parse(line.getBytes(StandardCharsets.UTF_8), VolumeStatus.class)).isEqualTo(VOLUME);
    }
}
