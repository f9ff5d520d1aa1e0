package io.farblock.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.farblock.blockdev.linux.Images;
import io.farblock.replication.status.EpochResult;
import io.farblock.replication.status.TargetStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Garbage on the listening port, and a source that lies, while an honest epoch runs. */
@Timeout(120)
class HostileBytesTest
{
    private static final int VOLUME_BYTES = 4 << 20;

    @TempDir
    private Path directory;
    private TwoDaemons daemons;
    private CompletableFuture<EpochResult> honest;

    @BeforeEach
    void beginAnHonestEpoch() throws Exception
    {
        daemons = new TwoDaemons(directory);
        daemons.insecure = true;
        daemons.moreReplicas = "[[replica]]\npeer = \"mallory\"\ngroup = \"g\"\nvolume = \"v\"\ndevice = \"" +
            directory.resolve("mallory.img") + "\"\n";
        Images.mixed(daemons.image, 24 << 20, new Random(21));
        daemons.start();
        daemons.limit(2 << 20);
        honest = daemons.epochBegun();
        daemons.awaitWireBytes(1 << 20);
    }

    @AfterEach
    void stop() throws Exception
    {
        daemons.close();
    }

    @Test
    void shouldRefuseGarbageAndGoOn() throws Exception
    {
        final List<RawSource> halfOpen = new ArrayList<>();
        for (int i = 0; i < 10; i++)
        {
            halfOpen.add(new RawSource(daemons.listen.get(i % 2)));
        }

        final byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        refusesBytes(noise, "frame length");
        refusesBytes("GET / HTTP/1.1\r\nHost: beta\r\n\r\n".getBytes(StandardCharsets.US_ASCII), "frame length");
        refusesBytes(length(Integer.MAX_VALUE), "frame length 2147483647, expected at most");
        refusesBytes(length(-1), "frame length 4294967295, expected at most");
        try (RawSource damaged = new RawSource(daemons.listen.get(0)))
        {
            damaged.damagedFrame();
            damaged.awaitHangUp();
        }
        assertThat(target().lastRefusal()).contains("wrong CRC32C").contains("127.0.0.1");
        assertThat(target().refusedFrames()).isEqualTo(5);
        try (RawSource stranger = new RawSource(daemons.listen.get(0)))
        {
            assertThatThrownBy(() -> stranger.hello("eve", 1)).hasMessageContaining("site \"eve\" is not one");
        }
        try (RawSource impostor = new RawSource(daemons.listen.get(0)))
        {
            assertThatThrownBy(() -> impostor.hello("alpha", 1)).hasMessageContaining("another session of site alpha");
        }

        honestEpochSeals();
        for (final RawSource silent : halfOpen)
        {
            silent.awaitHangUp();
            silent.close();
        }
    }

    @Test
    void shouldRefuseABombAndGoOn() throws Exception
    {
        final byte[] bomb = Zstd.compress(new byte[64 << 20], 19);
        assertThat(bomb.length).as("small enough to be a block's payload").isLessThan(65536);
        try (RawSource mallory = new RawSource(daemons.listen.get(1)))
        {
            mallory.hello("mallory", 7);
            final int volume = mallory.open("g", "v", VOLUME_BYTES);

            mallory.begin("g", 1);
            mallory.block(volume, 0, 65536, bomb);
            assertThat(mallory.awaitRefusal(1)).contains("does not decompress to the length it announces");
            mallory.begin("g", 2);
            mallory.block(volume, 0, 0xFFFF_FFFFL, bomb);
            assertThat(mallory.awaitRefusal(2)).contains("lengths do not fit");
            mallory.begin("g", 3);
            mallory.block(volume, 0, 65536, Zstd.compress("x".repeat(65536).getBytes(StandardCharsets.US_ASCII), 1));
            assertThat(mallory.awaitRefusal(3)).contains("does not have the digest it came with");
            mallory.begin("g", 4);
            mallory.block(volume + 9, 0, 65536, Zstd.compress(new byte[65536], 1));
            assertThat(mallory.awaitRefusal(4)).isNotEmpty();
            mallory.damagedFrame();
            mallory.awaitHangUp();
        }
        assertThat(target().lastRefusal()).contains("wrong CRC32C");

        assertThat(daemons.target.peakResidentKiB()).as("the bomb did not go off").isLessThan(512 << 10);
        assertThat(Files.readAllBytes(directory.resolve("mallory.img"))).as("nothing of it was kept")
            .isEqualTo(new byte[VOLUME_BYTES]);
        honestEpochSeals();
    }

    private void honestEpochSeals() throws Exception
    {
        daemons.limit(0);
        final EpochResult result = daemons.sealed(honest);
        assertThat(result.epoch()).isEqualTo(1);
        Images.change(daemons.image, 5, 100_000, new Random(4));
        daemons.sealed();
    }

    private void refusesBytes(final byte[] bytes, final String expected) throws IOException
    {
        try (RawSource garbage = new RawSource(daemons.listen.get(0)))
        {
            garbage.raw(bytes);
            garbage.awaitHangUp();
        }
        assertThat(target().lastRefusal()).contains(expected, "not a Farblock frame", "127.0.0.1");
    }

    private TargetStatus target()
    {
        return daemons.target.status().target();
    }

    private static byte[] length(final int bytes)
    {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes).putInt(0).array();
    }
}
