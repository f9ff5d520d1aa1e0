package io.farblock.daemon.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/**
 * Who may command the daemon: root and the user that it runs as, by what the kernel says of the other end. Immutable.
 */
final class PeerRule
{
    private final UserPrincipal root;
    private final UserPrincipal own;

    PeerRule(final UserPrincipal root, final UserPrincipal own)
    {
        this.root = root;
        this.own = own;
    }

    static PeerRule ofThisProcess()
    {
        try
        {
            // A number that is no user's name is taken as an id, so this needs no entry for root in passwd.
            final UserPrincipal root = FileSystems.getDefault().getUserPrincipalLookupService()
                .lookupPrincipalByName("0");
            return new PeerRule(root, Files.getOwner(Path.of("/proc/self")));
        }
        catch (final IOException failed)
        {
            throw new IllegalStateException("cannot find out which user this is: " + failed, failed);
        }
    }

    boolean admits(final SocketChannel channel) throws IOException
    {
        final UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return user.equals(root) || user.equals(own);
    }
}
