package io.farblock.daemon.vm;

import java.util.Arrays;
import java.util.stream.Stream;

/** The levels that are tried; {@code -Dlevels=5,10} takes some of them. Immutable. */
enum MdLevel
{
    RAID1(1, 2, 1, ""),
    RAID5(5, 3, 2, "--chunk=64"),
    RAID6(6, 4, 2, "--chunk=64"),
    RAID10(10, 4, 2, "--layout=n2 --chunk=64");

    private final int number;
    private final int members;
    private final int dataMembers;
    private final String options;

    MdLevel(final int number, final int members, final int dataMembers, final String options)
    {
        this.number = number;
        this.members = members;
        this.dataMembers = dataMembers;
        this.options = options;
    }

    static Stream<MdLevel> asked()
    {
        final String told = VmTools.property("levels", "1,5,6,10");
        return Arrays.stream(told.split(",")).map(String::trim).map(MdLevel::of);
    }

    int members()
    {
        return members;
    }

    /** Members without which the array goes on. */
    int spareMembers()
    {
        return this == RAID6 ? 2 : 1;
    }

    /** What each member must hold, with md's own data, for an array of so many bytes. */
    long memberBytes(final long arrayBytes)
    {
        return arrayBytes / dataMembers + (2 << 20);
    }

    /** For mdadm --create. */
    String options()
    {
        return "--level=" + number + " --raid-devices=" + members + " " + options;
    }

    private static MdLevel of(final String number)
    {
        return Arrays.stream(values()).filter(level -> number.equals(Integer.toString(level.number))).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("-Dlevels holds '" + number +
                "', expected some of 1,5,6,10 with commas between"));
    }
}
