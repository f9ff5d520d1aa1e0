package io.farblock.blockdev.boot;

import io.farblock.blockdev.raid.BootIntent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** What can be known of the time before tracking began. Each answer is of the moment when it is asked for. */
public interface BootLook
{
    /** Changes with every start of the kernel. */
    UUID boot() throws IOException;

    /** Milliseconds since 1970, for people. */
    long nowMs();

    /**
     * Why something may have been written to the device between its appearance and this call; empty when nothing was.
     * Asked after tracking began, an empty answer says that nothing was missed.
     */
    String writesSoFar(Path device);

    /** Where the array below the device was written just before the power went. */
    BootIntent intent(Path device);

    /**
     * Whether the device lies on an array that keeps such a bitmap now. If not, a power cut leaves nothing behind that
     * tells of the writes of its last seconds, and no map that was kept up to date until then is worth the keeping.
     */
    boolean keepsIntent(Path device);

    /**
     * A digest of the places that every mount and check of a file system changes: the first MiB and the last 64 KiB.
     * That it is the same does not prove that nothing was written; that it differs proves the opposite.
     */
    byte[] fingerprint(Path device) throws IOException;

    /** Who may still write to the device, in words; empty when nobody that can be seen. */
    String users(Path device);

    /** Makes what went into the device's page cache reach it. */
    void flush(Path device) throws IOException;

    /** Why this is not the end of the system's run, so that more may be written later; empty when it is. */
    String goesOn();
}
