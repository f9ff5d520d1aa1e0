package io.farblock.daemon.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.farblock.replication.status.EpochResult;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon on a real array: a first copy, then only what was written, and the array's state in its answers. */
@Tag("vm")
@Timeout(600)
class ReplicatedArrayTest
{
    private static final int BLOCK = 64 << 10;

    @TempDir
    private Path directory;
    private ArraySites sites;

    @BeforeEach
    void start() throws IOException, InterruptedException
    {
        sites = new ArraySites(directory, MdLevel.RAID5, 64 << 20);
        sites.start("--bitmap=internal");
        sites.vm.run("dd if=/dev/urandom of=/dev/md0 bs=1M count=16 oflag=direct status=none");
        sites.source.start();
    }

    @AfterEach
    void close() throws IOException
    {
        if (sites != null)
        {
            sites.close();
        }
    }

    @Test
    void shouldSendWhatWasWrittenAndSayHowTheArrayIs() throws Exception
    {
        final EpochResult first = sites.source.sealed();
        assertThat(first.scannedBytes()).isEqualTo(sites.sizeBytes());
        sites.assertSame("after the first copy");
        sites.source.sealed();
        for (final int block : new int[]{3, 4, 700})
        {
            sites.vm.run("dd if=/dev/urandom of=/dev/md0 bs=4096 count=1 seek=" + block * (BLOCK / 4096) +
                " oflag=direct conv=notrunc status=none");
        }

        final EpochResult next = sites.source.sealed();

        sites.assertSame("after the incremental epoch");
        assertThat(next.scannedBytes()).isEqualTo(3 * BLOCK);
        assertThat(next.changedBytes()).isEqualTo(3 * BLOCK);
        assertThat(arrayState()).isIn("clean", "active");
        sites.vm.run("mdadm /dev/md0 --fail " + sites.array.member(1));
        assertThat(arrayState()).isEqualTo("degraded");
        assertThat(sites.source.sealed().sealed()).isTrue();
        sites.assertSame("from a degraded array");
        System.out.printf("vm replicated first_ms=%d next_ms=%d%n", first.elapsedNs() / 1_000_000,
            next.elapsedNs() / 1_000_000);
    }

    private String arrayState() throws IOException
    {
        final JsonNode array = new ObjectMapper().readTree(sites.source.cli("status", "--json"))
            .findPath("volumes").path(0).path("array");
        assertThat(array.path("name").asText()).isEqualTo("md0");
        return array.path("state").asText();
    }
}
