package io.farblock.raidsim.plan;

/**
 * A disk as a plan has to know it. An immutable value.
 *
 * @param name what a plan may call it instead of its number.
 */
public record PlanDisk(String name, long sizeBytes)
{
}
