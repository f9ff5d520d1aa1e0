package io.farblock.powersim.config;

import io.farblock.powersim.nut.NutUser;
import io.farblock.powersim.ups.UpsSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * UPSes and their server as the file describes them, checked. An immutable value; paths are absolute.
 *
 * @param file        where it was read.
 * @param listen      HOST:PORT, at least one.
 * @param certificate a PEM file for TLS; null for none.
 * @param speed       how many seconds of theirs pass in one of ours.
 * @param scenario    what happens to them from the start; null for nothing.
 * @param users       who may log in.
 * @param upses       at least one.
 */
public record UpsSetup(Path file, List<HostPort> listen, Path certificate, double speed, Path scenario,
    List<NutUser> users, List<UpsSpec> upses)
{
    public UpsSetup
    {
        listen = List.copyOf(listen);
        users = List.copyOf(users);
        upses = List.copyOf(upses);
    }

    /** As it is, but for what a command line says. Null, and 0 for the speed, leave what the file has. */
    public UpsSetup with(final List<HostPort> otherListen, final Path otherScenario, final double otherSpeed)
    {
        return new UpsSetup(file, otherListen == null ? listen : otherListen, certificate,
            otherSpeed > 0 ? otherSpeed : speed, otherScenario == null ? scenario : otherScenario, users, upses);
    }
}
