package io.farblock.daemon.faults;

import io.farblock.blockdev.boot.BootLook;
import io.farblock.blockdev.boot.LinuxBoot;
import io.farblock.blockdev.raid.BootIntent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** This machine as it would be after another start, with devices that nobody has written since. One thread. */
final class TestBoot implements BootLook
{
    UUID boot = UUID.randomUUID();
    String writes = "";
    /** Why it does not know its boot; without it nothing can be followed. */
    String failure = "";
    BootIntent intent = BootIntent.refused("it is no md array");
    private final LinuxBoot machine = new LinuxBoot();

    @Override
    public UUID boot() throws IOException
    {
        if (!failure.isEmpty())
        {
            throw new IOException(failure);
        }
        return boot;
    }

    @Override
    public long nowMs()
    {
        return machine.nowMs();
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
        return true;
    }

    @Override
    public byte[] fingerprint(final Path device) throws IOException
    {
        return machine.fingerprint(device);
    }

    @Override
    public String users(final Path device)
    {
        return machine.users(device);
    }

    @Override
    public void flush(final Path device) throws IOException
    {
        machine.flush(device);
    }

    @Override
    public String goesOn()
    {
        return "";
    }
}
