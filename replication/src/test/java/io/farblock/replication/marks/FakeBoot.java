package io.farblock.replication.marks;

import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.raid.BootIntent;
import java.nio.file.Path;
import java.util.UUID;

/** A machine that says what the test wants. One thread. */
public final class FakeBoot implements BootLook
{
    UUID boot = new UUID(0, 1);
    String writes = "";
    BootIntent intent = BootIntent.refused("it is no md array");
    boolean keepsIntent = true;
    byte[] fingerprint = new byte[32];
    String users = "";
    String goesOn = "";
    Runnable onFlush = () -> { };

    @Override
    public UUID boot()
    {
        return boot;
    }

    @Override
    public long nowMs()
    {
        return 1_000;
    }

    @Override
    public String writesSoFar(final Path device)
    {
        return writes;
    }

    @Override
    public BootIntent intent(final Path device)
    {
        return intent;
    }

    @Override
    public boolean keepsIntent(final Path device)
    {
        return keepsIntent;
    }

    @Override
    public byte[] fingerprint(final Path device)
    {
        return fingerprint.clone();
    }

    @Override
    public String users(final Path device)
    {
        return users;
    }

    @Override
    public void flush(final Path device)
    {
        onFlush.run();
    }

    @Override
    public String goesOn()
    {
        return goesOn;
    }
}
