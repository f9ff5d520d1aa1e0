package io.farblock.raidsim.disk;

/**
 * What a power cut did to the writes of one disk that were not on its medium, zeroed and discarded ranges included. An
 * immutable value.
 *
 * @param seed    repeats it, after the same requests.
 * @param kept    writes that reached the medium whole.
 * @param dropped writes of which nothing did.
 * @param torn    writes that were decided sector by sector; of a short one that may be all or nothing.
 */
public record PowerCut(long seed, int kept, int dropped, int torn)
{
}
