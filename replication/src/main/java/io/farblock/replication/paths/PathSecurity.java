package io.farblock.replication.paths;

import io.netty.channel.ChannelPipeline;

/** Puts in front of the frames of a new connection whatever makes it private and known. */
public interface PathSecurity
{
    /** Nothing: bytes travel in clear, anybody may connect. The configuration asks for it by name. */
    PathSecurity PLAINTEXT = (pipeline, incoming) -> pipeline;

    /** Called on the event loop before the first byte; returns the pipeline. */
    ChannelPipeline secure(ChannelPipeline pipeline, boolean incoming);
}
