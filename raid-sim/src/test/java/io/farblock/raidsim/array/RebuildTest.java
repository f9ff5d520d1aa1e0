package io.farblock.raidsim.array;

import static io.farblock.blockdev.DeviceBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farblock.blockdev.Errno;
import io.farblock.blockdev.MemoryBlockDevice;
import io.farblock.blockdev.raid.ArrayMember;
import io.farblock.blockdev.raid.ArrayState;
import io.farblock.blockdev.raid.RaidLevel;
import io.farblock.raidsim.disk.DiskFault;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RebuildTest
{
    private static final int CHUNK = 4096;
    private static final int MEMBER_BYTES = 64 * CHUNK;
    private static final ArrayShape RAID5 = ArrayShape.of(RaidLevel.RAID5).withChunk(CHUNK);
    private static final ArrayShape RAID6 = ArrayShape.of(RaidLevel.RAID6).withChunk(CHUNK);

    @Test
    void shouldRebuildOntoASpareByItselfAndSaySo() throws Exception
    {
        final ArrayLab lab = filled(RAID5, 4, 3);
        lab.array.fail(1);
        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.DEGRADED);
        assertThat(lab.array.describe().reason()).isEqualTo("degraded, 1 of 3 members missing, faulty disk1 failed");

        lab.step();
        lab.step();
        final ArrayState during = lab.array.describe().state();
        final String reason = lab.array.describe().reason();
        lab.settle();

        assertThat(during).isEqualTo(ArrayState.REBUILDING);
        assertThat(reason).startsWith("rebuilding ").contains(" % (faulty disk3), 1 of 3 members missing");
        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.CLEAN);
        lab.array.fail(0);
        assertThat(lab.bytes.read(0, lab.size())).isEqualTo(pattern(1, lab.size()));
    }

    @Test
    void shouldGoOnAfterARestartWhereItWas() throws Exception
    {
        final ArrayLab lab = filled(RAID5, 4, 3);
        lab.array.fail(2);
        for (int i = 0; i < 40; i++)
        {
            lab.step();
        }
        final long before = lab.array.describe().progress().doneSectors();

        lab.open();
        lab.step();

        final long after = lab.array.describe().progress().doneSectors();
        assertThat(after).isBetween(before - MEMBER_BYTES / 512 / 16 - 8, before + 8);
        lab.settle();
        lab.array.fail(0);
        assertThat(lab.bytes.read(0, lab.size())).isEqualTo(pattern(1, lab.size()));
    }

    @Test
    void shouldKeepToItsSpeedLimit() throws Exception
    {
        final ArrayLab lab = filled(RAID6, 5, 4);
        final long limit = 10L * CHUNK;
        lab.array.limit(limit);
        lab.array.fail(0);
        long nowNs = 0;
        long begunNs = -1;

        while (lab.array.describe().missingMembers() > 0)
        {
            nowNs += lab.array.work(nowNs);
            begunNs = begunNs < 0 && lab.array.describe().syncAction().equals("recover") ? nowNs : begunNs;
        }

        final double seconds = (nowNs - begunNs) / (double)TimeUnit.SECONDS.toNanos(1);
        assertThat(seconds).isBetween(0.9 * MEMBER_BYTES / limit, 1.2 * MEMBER_BYTES / limit);
    }

    @Test
    void shouldSurviveASecondDiskInMidRebuildOfRaid6() throws Exception
    {
        final ArrayLab lab = filled(RAID6, 7, 5);
        lab.array.fail(0);
        while (lab.array.describe().progress().percent() < 40)
        {
            lab.step();
        }

        lab.pull(lab.disks.get(3).name());
        lab.settle();

        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.CLEAN);
        lab.array.fail(1);
        lab.array.fail(2);
        assertThat(lab.bytes.read(0, lab.size())).isEqualTo(pattern(1, lab.size()));
    }

    @Test
    void shouldNameWhatALatentSectorTookAndInventNothing() throws Exception
    {
        final ArrayLab lab = filled(RAID5, 4, 3);
        final int row = 20;
        lab.array.fail(1);
        lab.disks.get(0).inject(new DiskFault.LatentSectors(ArrayLab.HEAD_BYTES + row * CHUNK, CHUNK));

        lab.settle();

        assertThat(lab.array.events()).anySatisfy((event) ->
        {
            assertThat(event.kind()).isEqualTo(ArrayEvent.Kind.LOST);
            assertThat(event.text()).contains("4096 bytes").contains("faulty disk3");
        });
        assertThat(lab.array.describe().members(ArrayMember.Role.IN_SYNC).get(1).badBlocks()).hasSize(1);
        int errors = 0;
        for (int at = 0; at < lab.size(); at += CHUNK)
        {
            final boolean failed = lab.bytes.tryRead(at, CHUNK) == -Errno.EIO;
            errors += failed ? 1 : 0;
            assertThat(failed && at / CHUNK / 2 != row).isFalse();
        }
        assertThat(errors).as("chunks of row %d on the unreadable and the rebuilt disk", row).isBetween(1, 2);
        lab.bytes.write(row * 2 * CHUNK, pattern(5, 2 * CHUNK));
        lab.open();
        assertThat(lab.bytes.read(row * 2 * CHUNK, 2 * CHUNK)).isEqualTo(pattern(5, 2 * CHUNK));
        assertThat(lab.array.describe().members(ArrayMember.Role.IN_SYNC).get(1).badBlocks()).isEmpty();
    }

    @Test
    void shouldRememberLostStretchesAcrossARestart() throws Exception
    {
        final ArrayLab lab = filled(RAID5, 4, 3);
        lab.array.fail(1);
        lab.disks.get(0).inject(new DiskFault.LatentSectors(ArrayLab.HEAD_BYTES + 20 * CHUNK, CHUNK));
        lab.settle();

        lab.open();

        assertThat(lab.array.describe().members(ArrayMember.Role.IN_SYNC).get(1).badBlocks()).hasSize(1);
    }

    @Test
    void shouldReplaceAMemberThatStillWorksWithoutEverBeingDegraded() throws Exception
    {
        final ArrayLab lab = filled(RAID5, 4, 3);
        lab.array.replace(2);
        lab.step();
        lab.step();
        final String reason = lab.array.describe().reason();
        lab.bytes.write(0, pattern(2, lab.size()));

        lab.rest();

        assertThat(reason).contains("faulty disk3 replaces faulty disk2");
        assertThat(lab.array.describe().state()).isEqualTo(ArrayState.CLEAN);
        assertThat(lab.array.remove("faulty disk2").name()).isEqualTo("faulty disk2");
        lab.array.fail(0);
        assertThat(lab.bytes.read(0, lab.size())).isEqualTo(pattern(2, lab.size()));
    }

    @Test
    void shouldBringAReturningMemberUpToDateWhereTheBitmapSaysSo() throws Exception
    {
        final ArrayLab lab = filled(RAID5.withBitmap(CHUNK), 3, 3);
        final String name = lab.disks.get(1).name();
        lab.pull(name);
        lab.bytes.write(CHUNK, pattern(9, CHUNK));
        assertThat(lab.array.describe().missingMembers()).isEqualTo(1);
        lab.array.remove(name);

        lab.array.add(ArrayLab.handles(List.of(lab.plug(name))).get(0));
        int steps = 0;
        while (lab.array.describe().missingMembers() > 0)
        {
            lab.step();
            steps++;
        }

        assertThat(steps).isLessThan(10);
        lab.array.fail(0);
        assertThat(lab.bytes.read(CHUNK, CHUNK)).isEqualTo(pattern(9, CHUNK));
        assertThat(lab.bytes.read(2 * CHUNK, CHUNK)).isEqualTo(Arrays.copyOfRange(
            pattern(1, lab.size()), 2 * CHUNK, 3 * CHUNK));
    }

    @Test
    void shouldSayWhatCannotBeDone() throws Exception
    {
        final ArrayLab lab = filled(RAID5, 3, 3);

        assertThatThrownBy(() -> lab.array.fail(3)).hasMessageContaining("no member in slot 3");
        assertThatThrownBy(() -> lab.array.remove("faulty disk0")).hasMessageContaining("fail a member before");
        assertThatThrownBy(() -> lab.array.replace(0)).hasMessageContaining("there is no spare; add one");
        assertThatThrownBy(() -> lab.array.add(new MemoryBlockDevice("small", 100 * 1024)))
            .hasMessageContaining("add a larger disk");
        assertThatThrownBy(() -> lab.create(RAID5, 3)).hasMessageContaining("belongs to the array lab:0");
        assertThatThrownBy(() -> lab.open(lab.disks.subList(0, 1), ArrayLab.options()))
            .hasMessageContaining("1 of 3 members, too few");
    }

    private static ArrayLab filled(final ArrayShape shape, final int disks, final int slots) throws RaidException
    {
        final ArrayLab lab = new ArrayLab(disks, MEMBER_BYTES);
        lab.create(shape, slots);
        lab.bytes.write(0, pattern(1, lab.size()));
        lab.rest();
        return lab;
    }
}
