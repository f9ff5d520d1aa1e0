package io.farblock.powersim.serve;

/**
 * Something that happened. An immutable value.
 *
 * @param timeNs on the UPSes' clock.
 * @param text   for people.
 */
record UpsEvent(long timeNs, String text)
{
}
