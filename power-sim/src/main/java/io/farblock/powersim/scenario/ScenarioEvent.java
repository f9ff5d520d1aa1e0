package io.farblock.powersim.scenario;

/**
 * One entry of a scenario. An immutable value.
 *
 * @param ups      to which it happens; null for all.
 * @param text     in the words of the file.
 * @param action   what is done.
 * @param atNs     when first, after the scenario began.
 * @param forNs    after how long it is undone; 0 for never.
 * @param everyNs  from one time to the next, if there are several.
 * @param times    how often.
 * @param jitterNs each time comes later by at most this, by lot.
 */
record ScenarioEvent(String ups, String text, UpsAction action, long atNs, long forNs, long everyNs, int times,
    long jitterNs)
{
}
