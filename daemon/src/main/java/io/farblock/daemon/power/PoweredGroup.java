package io.farblock.daemon.power;

/**
 * A group as the power sees it. Immutable.
 *
 * @param peer where it goes: epochs of one peer run one after the other.
 * @param own  what it has of its own.
 */
public record PoweredGroup(String name, String peer, PowerPolicy.OfGroup own)
{
}
