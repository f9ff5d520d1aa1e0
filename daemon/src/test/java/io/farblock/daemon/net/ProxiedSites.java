package io.farblock.daemon.net;

import io.farblock.blockdev.linux.Images;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * What most tests of lines begin with: a laboratory, a proxy before the target, and a daemon at either end that have
 * all lines up. One thread; closing ends and removes everything, also what was begun by a construction that failed.
 */
final class ProxiedSites implements AutoCloseable
{
    final NetLab lab;
    final PathProxySession proxy;
    final LabSites sites;

    /**
     * Returns when all lines are up.
     *
     * @param imageBytes of incompressible data at the source.
     * @param delaysUs   of each line, each way.
     * @param mbits      of each line.
     */
    ProxiedSites(
        final Path directory, final long imageBytes, final Random random, final int[] delaysUs, final int... mbits)
        throws IOException
    {
        lab = new NetLab(NetLab.ORDINARY_MTU, mbits);
        PathProxySession madeProxy = null;
        LabSites madeSites = null;
        try
        {
            // Side by side: most of a test's time is the start of its JVMs.
            madeProxy = new PathProxySession(lab);
            madeSites = new LabSites(lab, directory);
            Images.random(madeSites.image, imageBytes, random);
            madeSites.launch(lab, madeProxy.addresses());
            madeProxy.awaitReady(delaysUs);
            madeSites.awaitAllUp();
        }
        catch (final IOException | RuntimeException | Error ex)
        {
            close(madeSites, madeProxy);
            throw ex;
        }
        proxy = madeProxy;
        sites = madeSites;
    }

    /** What a test does with it. */
    interface Work
    {
        void run() throws Exception;
    }

    /** Does that; where it fails both logs are printed. */
    void logged(final Work work) throws Exception
    {
        try
        {
            work.run();
        }
        catch (final Exception | AssertionError ex)
        {
            System.out.println(sites.logs());
            throw ex;
        }
    }

    @Override
    public void close() throws IOException
    {
        close(sites, proxy);
    }

    private void close(final LabSites anySites, final PathProxySession anyProxy) throws IOException
    {
        if (anySites != null)
        {
            anySites.close();
        }
        if (anyProxy != null)
        {
            anyProxy.close();
        }
        lab.close();
    }
}
