package io.farblock.blockdev.raid;

/**
 * How an array spreads and repeats its data. Immutable; {@link #OTHER} is what this program does not know, and then
 * nothing is concluded from it.
 */
public enum RaidLevel
{
    LINEAR(-1, "linear"),
    RAID0(0, "raid0"),
    RAID1(1, "raid1"),
    RAID4(4, "raid4"),
    RAID5(5, "raid5"),
    RAID6(6, "raid6"),
    RAID10(10, "raid10"),
    OTHER(Integer.MIN_VALUE, "");

    private final int number;
    private final String word;

    RaidLevel(final int number, final String word)
    {
        this.number = number;
        this.word = word;
    }

    /** Of the number in a superblock. */
    public static RaidLevel ofNumber(final int number)
    {
        for (final RaidLevel level : values())
        {
            if (level.number == number && level != OTHER)
            {
                return level;
            }
        }
        return OTHER;
    }

    /** Of the word in sysfs: "raid5". */
    static RaidLevel ofWord(final String word)
    {
        for (final RaidLevel level : values())
        {
            if (level.word.equals(word))
            {
                return level;
            }
        }
        return OTHER;
    }

    /** What stands in a superblock. */
    public int number()
    {
        return number;
    }

    /** Whether every stripe holds parity, so that members are addressed by stripe and not by array offset. */
    public boolean hasParity()
    {
        return this == RAID4 || this == RAID5 || this == RAID6;
    }

    /** Members' worth of parity in each stripe. */
    public int parityMembers()
    {
        return this == RAID6 ? 2 : hasParity() ? 1 : 0;
    }
}
