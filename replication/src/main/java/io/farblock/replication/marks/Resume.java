package io.farblock.replication.marks;

import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.dirty.Gap;
import io.farblock.blockdev.dirty.GapCause;
import io.farblock.blockdev.dirty.MarkedTracker;
import io.farblock.blockdev.raid.BootIntent;
import io.farblock.blockdev.raid.ByteRange;
import io.farblock.replication.Storage;
import io.farblock.replication.lineage.RecordFile;
import io.farblock.replication.marks.ResumeCase.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the saved map of a volume whose tracker was just opened. If tracking begins anew after a boot, the marks that
 * were saved come back, and if it can be shown that nothing else can have changed, the gap that a boot leaves is
 * closed: then the next epoch reads only what is marked.
 *
 * <p>In this order: the marks are in the kernel's map, then what the file promised is taken back on disk, then the gap
 * is closed. So a machine that stops in between finds no promise at its next start and compares everything; a process
 * that dies in between leaves the gap open.
 *
 * <p>One use, on the thread that opened the tracker.
 */
final class Resume
{
    static final String FILE = "marks";

    private static final Logger LOG = LoggerFactory.getLogger("farblock.marks");
    private static final Set<GapCause> BOOT = EnumSet.of(GapCause.ATTACHED, GapCause.REBOOTED, GapCause.BUSY_ATTACH);

    private final Storage storage;
    private final Path directory;
    private final String name;
    private final Path device;
    private final BootLook look;
    /** Written on the capture thread, read by status. */
    private volatile BootNote note;

    /**
     * @param directory of the volume's state.
     * @param name      of the tracker.
     * @param device    the volume.
     */
    Resume(final Storage storage, final BootLook look, final Path directory, final String name, final Path device)
    {
        this.storage = storage;
        this.directory = directory;
        this.name = name;
        this.device = device;
        this.look = look;
    }

    /** What came of the last boot; empty when that is not known. After {@link #open}. */
    Optional<BootNote> note()
    {
        return Optional.ofNullable(note);
    }

    /**
     * Takes the tracker over into a keeper.
     *
     * @throws IOException when the map cannot be kept in the state directory; the tracker is still open then.
     */
    MarkKeeper open(final MarkedTracker tracker) throws IOException
    {
        final long nowMs = look.nowMs();
        final UUID boot = look.boot();
        final boolean kept = Kept.take(directory, storage.sync());
        MarkFile file = openFile(tracker, false);
        try
        {
            MarkHeader saved = null;
            String refusal = "no saved map";
            try
            {
                saved = file.read();
            }
            catch (final MarkException ex)
            {
                refusal = "the saved map cannot be used: " + ex.getMessage();
                LOG.warn("volume={} state=unknown reason=\"{}\"", name, refusal);
                file.close();
                file = openFile(tracker, true);
            }
            if (isBoot(tracker))
            {
                begin(tracker, file, new ResumeCase(saved, refusal, kept, boot, look.writesSoFar(device),
                    fingerprint(saved), intent(saved)), nowMs);
            }
            else
            {
                takeBack(file, saved, nowMs);
                note = BootNote.read(directory, boot).orElse(null);
            }
            return new MarkKeeper(tracker, file, boot);
        }
        catch (final IOException | RuntimeException ex)
        {
            file.close();
            throw ex;
        }
    }

    /** Another, empty file in the place of one that could not be written. */
    void restart(final MarkKeeper keeper, final long sizeBytes) throws IOException
    {
        keeper.restart(() -> openFile(sizeBytes, true));
    }

    /** An epoch was sealed: what the boot asked for is done. */
    void sealed()
    {
        if (note != null && note.open())
        {
            note = note.done();
            write(note);
        }
    }

    private void begin(final MarkedTracker tracker, final MarkFile file, final ResumeCase known, final long nowMs)
        throws IOException
    {
        final Verdict verdict = known.verdict();
        // First: once a promise is taken back on disk or the gap is closed, nothing else speaks of these.
        putMarks(tracker, file);
        if (verdict.withIntent())
        {
            for (final ByteRange range : known.intent().ranges())
            {
                tracker.mark(range.offsetBytes(), range.lengthBytes());
            }
        }
        takeBack(file, known.saved(), nowMs);
        final boolean narrowed = verdict.narrowed() && closeGaps(tracker);
        final String reason = !verdict.narrowed() || narrowed ? verdict.reason() :
            "whether writes were under way when tracking began could not be settled";
        note = new BootNote(known.boot(), narrowed, narrowed ? marked(tracker, file) : tracker.sizeBytes(), reason,
            true);
        LOG.info("volume={} state=tracked narrowed={} bytes={} of={} reason=\"{}\"", name, narrowed, note.bytes(),
            tracker.sizeBytes(), reason);
        write(note);
    }

    /** The map is being used: what it says of the last run must not be believed once more at the next start. */
    private void takeBack(final MarkFile file, final MarkHeader saved, final long nowMs) throws MarkException
    {
        if (saved != null && saved.clean())
        {
            file.write(saved.boot(), nowMs, saved.incomplete(), false, new byte[MarkHeader.FINGERPRINT_BYTES]);
        }
    }

    private static void putMarks(final MarkedTracker tracker, final MarkFile file)
    {
        final long[] words = new long[MarkFile.WORDS_PER_PAGE];
        for (int page = 0; page < file.pageCount(); page++)
        {
            file.get(page, words);
            for (int i = 0; i < words.length; i++)
            {
                final long first = ((long)page * MarkFile.WORDS_PER_PAGE + i) * 64;
                for (long rest = words[i]; rest != 0; rest &= rest - 1)
                {
                    final long unit = first + Long.numberOfTrailingZeros(rest);
                    tracker.mark(unit * MarkedTracker.UNIT_BYTES, MarkedTracker.UNIT_BYTES);
                }
            }
        }
    }

    private static long marked(final MarkedTracker tracker, final MarkFile file)
    {
        final long[] words = new long[MarkFile.WORDS_PER_PAGE];
        long units = 0;
        for (int page = 0; page < file.pageCount(); page++)
        {
            tracker.peek((long)page * MarkFile.GROUPS_PER_PAGE, words);
            for (final long word : words)
            {
                units += Long.bitCount(word);
            }
        }
        return Math.min(tracker.sizeBytes(), units * MarkedTracker.UNIT_BYTES);
    }

    private static boolean isBoot(final MarkedTracker tracker)
    {
        final List<Gap> gaps = tracker.gaps();
        return !tracker.takenOver() && !gaps.isEmpty() && gaps.stream().allMatch(gap -> BOOT.contains(gap.cause()));
    }

    private static boolean closeGaps(final MarkedTracker tracker)
    {
        // One that still goes on, because a write was under way, must keep the others open with it.
        final List<Gap> gaps = tracker.gaps();
        if (!gaps.stream().allMatch(Gap::hasEnded))
        {
            return false;
        }
        boolean closed = true;
        for (final Gap gap : gaps)
        {
            closed &= tracker.closeGap(gap);
        }
        return closed;
    }

    private byte[] fingerprint(final MarkHeader saved)
    {
        try
        {
            return saved != null && saved.clean() ? look.fingerprint(device) : null;
        }
        catch (final IOException ex)
        {
            LOG.warn("volume={} reason=\"{}\"", name, ex.getMessage());
            return null;
        }
    }

    private BootIntent intent(final MarkHeader saved)
    {
        return saved != null && saved.clean() ? BootIntent.refused("not needed") : look.intent(device);
    }

    private MarkFile openFile(final MarkedTracker tracker, final boolean fresh) throws IOException
    {
        return openFile(tracker.sizeBytes(), fresh);
    }

    private MarkFile openFile(final long sizeBytes, final boolean fresh) throws IOException
    {
        RecordFile.makeDirectories(directory, storage.sync());
        return MarkFile.open(storage, directory.resolve(FILE), name, sizeBytes, fresh);
    }

    private void write(final BootNote newNote)
    {
        try
        {
            newNote.write(directory, storage.sync());
        }
        catch (final IOException ex)
        {
            LOG.warn("volume={} reason=\"what came of the boot cannot be noted: {}\"", name, ex.getMessage());
        }
    }
}
