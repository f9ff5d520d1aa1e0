package io.farblock.daemon.power;

import java.util.List;

/**
 * Where the state of this site's UPSes comes from. Any thread may ask; the answer is what is known, at once. A source
 * that has gone is an answer too: its UPSes are unknown.
 */
public interface UpsFeed extends AutoCloseable
{
    /** One for each configured UPS, in the order of the configuration. */
    List<UpsStatus> upses();

    @Override
    void close();
}
