package io.farblock.blockdev.still;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which commands LVM is given, and what is made of its answers. */
class LvmSnapshotTest
{
    private static final String STALE = "lvs --noheadings --separator | -o lv_name,origin,lv_tags --select " +
        "lv_name=data_farblock vg";
    private static final String STATE = "lvs --noheadings --binary --separator | -o lv_snapshot_invalid,data_percent " +
        "vg/data_farblock";

    @TempDir
    private Path directory;

    private final List<String> asked = new ArrayList<>();
    /** The beginning of a command, and what it says; an answer that begins with "!" is a failure. */
    private final Map<String, String> answers = new LinkedHashMap<>();
    private Path device;

    @BeforeEach
    void makeDevice() throws IOException
    {
        device = Files.createFile(directory.resolve("dm-3")).toRealPath();
        answers.put("lvs --noheadings --separator | -o vg_name,lv_name ", "  vg|data\n");
    }

    @Test
    void shouldMakeReadAndRemoveASnapshot() throws Exception
    {
        answers.put(STATE, "  0|12.50\n");

        try (LvmSnapshot snapshot = of("20%"))
        {
            assertThat(snapshot.path()).isEqualTo(Path.of("/dev/vg/data_farblock"));
            assertThat(snapshot.isIntact()).isTrue();
        }

        assertThat(asked).containsExactly("lvs --noheadings --separator | -o vg_name,lv_name " + device, STALE,
            "lvcreate --yes --snapshot --permission r --name data_farblock --addtag farblock " +
                "--extents 20%ORIGIN vg/data", STATE, "lvremove -f vg/data_farblock");
    }

    @Test
    void shouldTakeASizeInBytes() throws Exception
    {
        of("1073741824").close();

        assertThat(asked).anyMatch(command -> command.endsWith(" --size 1073741824b vg/data"));
    }

    @Test
    void shouldAskByTheNameThatLvmKnows() throws Exception
    {
        final Path names = Files.createDirectories(directory.resolve("sys/class/block/dm-3/dm"));
        Files.writeString(names.resolve("name"), "vg-data\n");

        of("20%").close();

        assertThat(asked.get(0)).endsWith(" /dev/mapper/vg-data");
    }

    @Test
    void shouldRemoveWhatADeadProcessLeft() throws Exception
    {
        answers.put(STALE, "  data_farblock|data|other,farblock\n");

        of("20%");

        assertThat(asked.get(2)).isEqualTo("lvremove -f vg/data_farblock");
        assertThat(asked.get(3)).startsWith("lvcreate ");
    }

    @Test
    void shouldRefuseAVolumeOfSomebodyElse()
    {
        answers.put(STALE, "  data_farblock||backup\n");

        assertThatThrownBy(() -> of("20%")).hasMessageContaining("none of Farblock's snapshots");

        assertThat(asked).noneMatch(command -> command.startsWith("lvremove"));
    }

    @Test
    void shouldNoticeThatItOverflowed() throws Exception
    {
        final LvmSnapshot snapshot = of("20%");

        for (final String state : List.of("  1|100.00", "  0|100.00", "  -1|", "  0|", "  1|50.00", ""))
        {
            answers.put(STATE, state + "\n");
            assertThat(snapshot.isIntact()).as(state).isFalse();
        }
    }

    @Test
    void shouldSayWhatLvmSaid()
    {
        answers.put("lvcreate", "!insufficient free space");

        assertThatThrownBy(() -> of("20%")).isInstanceOf(CommandException.class)
            .hasMessageContaining("LVM refuses: lvcreate --yes").hasMessageContaining("insufficient free space");
        assertThatThrownBy(() -> of("20 GB")).hasMessageContaining("expected a percentage");
        answers.put("lvs --noheadings --separator | -o vg_name,lv_name ", "\n");
        assertThatThrownBy(() -> of("20%")).hasMessageContaining("LVM knows no logical volume there");
    }

    private LvmSnapshot of(final String size) throws CommandException
    {
        return LvmSnapshot.of(device, size, this::answer, directory.resolve("sys"));
    }

    private CommandOutcome answer(final List<String> command, final Map<String, String> environment,
        final long limitNs)
    {
        final String line = String.join(" ", command);
        asked.add(line);
        final String answer = answers.entrySet().stream().filter(each -> line.startsWith(each.getKey()))
            .map(Map.Entry::getValue).findFirst().orElse("");
        return new CommandOutcome(command, answer.startsWith("!") ? 5 : 0, false, answer, answer);
    }
}
