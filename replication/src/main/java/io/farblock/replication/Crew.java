package io.farblock.replication;

import java.util.List;
import org.agrona.concurrent.Agent;

/**
 * Agents that hand work to each other, in the direction of the flow, and what wakes their threads. Not yet running:
 * whoever has them gives each a thread, or steps one after the other.
 */
public record Crew(List<Agent> agents, Wakeup wakeup)
{
}
