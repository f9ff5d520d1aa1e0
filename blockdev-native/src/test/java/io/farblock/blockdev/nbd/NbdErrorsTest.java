package io.farblock.blockdev.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.farblock.blockdev.AlignedBuffers;
import io.farblock.blockdev.Errno;
import io.farblock.blockdev.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device's errors, as the far caller gets them. */
@Timeout(30)
class NbdErrorsTest
{
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck("nbd-");

    @RegisterExtension
    static final PayloadCheck PAYLOADS = new PayloadCheck();

    private final ProbedDevice device = new ProbedDevice(1 << 20);
    private final ByteBuffer buffer = AlignedBuffers.allocate(65_536);
    private Served served;

    @BeforeEach
    void serve() throws IOException
    {
        served = Served.unix((config) -> config.exports(
            new NbdExport("rw", device, false, ""), new NbdExport("ro", device, true, "")));
    }

    @AfterEach
    void close() throws IOException
    {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"5,5", "28,28", "12,12", "22,22", "75,75", "108,108", "30,1", "13,1", "122,28", "110,5", "61,5"})
    void shouldPassOnErrorsOrTheNearestThatTheProtocolKnows(final int error, final int expected) throws IOException
    {
        device.error = error;
        try (NbdBlockDevice client = served.connect("rw"))
        {
            final int[] results = {client.read(0, buffer, 0, 512), client.read(0, buffer, 0, 65_536),
                client.write(0, buffer, 0, 512), client.zero(0, 512), client.discard(0, 512), client.flush()};
            device.error = 0;

            assertThat(results).containsOnly(-expected);
            assertThat(client.read(0, buffer, 0, 512)).isEqualTo(512);
        }
    }

    @Test
    void shouldNotAskAReadOnlyExportToWrite() throws IOException
    {
        try (NbdBlockDevice client = served.connect("ro"))
        {
            final int[] results = {client.write(0, buffer, 0, 512), client.zero(0, 512), client.discard(0, 512)};

            assertThat(results).containsOnly(-Errno.EROFS);
            assertThat(client.isReadOnly()).isTrue();
            assertThat(client.flush()).isZero();
            assertThat(device.writes).hasValue(0);
        }
    }

    @Test
    void shouldTakeADeviceThatCannotDiscardForOneThatNeedNot() throws IOException
    {
        device.error = Errno.EOPNOTSUPP;
        try (NbdBlockDevice client = served.connect("rw"))
        {
            final int result = client.discard(0, 512);

            assertThat(result).isZero();
        }
    }

    @Test
    void shouldTurnWhatADeviceThrowsIntoAnErrorAndSaySo() throws IOException
    {
        device.thrown = new IllegalStateException("on purpose");
        try (NbdBlockDevice client = served.connect("rw"))
        {
            final int broken = client.read(0, buffer, 0, 512);
            device.thrown = null;
            final int fine = client.read(0, buffer, 0, 512);

            assertThat(broken).isEqualTo(-Errno.EIO);
            assertThat(fine).isEqualTo(512);
            assertThat(served.failures()).hasSize(1);
        }
    }
}
