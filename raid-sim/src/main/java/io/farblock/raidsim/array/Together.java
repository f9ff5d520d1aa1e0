package io.farblock.raidsim.array;

/**
 * Brackets round the requests of one operation that an array would have in flight at the same time, for disks that take
 * simulated time: whoever counts it waits once, for the slowest. On the operation's thread; not nested.
 */
public interface Together
{
    /** For disks that take no time. */
    Together NONE = new Together()
    {
        @Override
        public void begin()
        {
        }

        @Override
        public void end()
        {
        }
    };

    void begin();

    void end();
}
