package io.farblock.powersim.explore;

import java.util.List;
import java.util.Map;

/** What happened to a medium, in the order in which it did. Immutable values. */
sealed interface Event
{
    /** Whether something becomes durable, or known to somebody: just before it is where a cut is tried. */
    default boolean isEdge()
    {
        return false;
    }

    /** A device was written; zeros without {@code data}. */
    record Write(String device, long offsetBytes, long lengthBytes, byte[] data) implements Event
    {
    }

    /** All that was written to a device is durable. */
    record Flush(String device) implements Event
    {
        @Override
        public boolean isEdge()
        {
            return true;
        }
    }

    /** A file was seen to have other pages, by index, or another size; a null page is zeros. */
    record Change(int file, Map<Integer, Page> pages, long sizeBytes) implements Event
    {
    }

    /** The content of a file is durable, under whatever name it will be found. */
    record FileSync(int file) implements Event
    {
        @Override
        public boolean isEdge()
        {
            return true;
        }
    }

    /** Names of a directory that changed at once: several for a rename. {@link Image#NOTHING} where one is gone. */
    record Rename(int directory, Map<String, Integer> names) implements Event
    {
    }

    /** A directory's names are durable. */
    record DirectorySync(int directory) implements Event
    {
        @Override
        public boolean isEdge()
        {
            return true;
        }
    }

    /** A file or directory is there that was not; without a name until it gets one. */
    record Made(int node, boolean isDirectory) implements Event
    {
    }

    /** A device is there that was not, of zeros. It is hardware: no cut takes it away. */
    record Plugged(String device, long sizeBytes) implements Event
    {
    }

    /** A fact was noted. */
    record Noted(Object fact) implements Event
    {
        @Override
        public boolean isEdge()
        {
            return true;
        }
    }

    /** All events of one life of a component. One thread adds to it. */
    record Trace(Image before, List<Object> factsBefore, List<Event> events)
    {
    }
}
