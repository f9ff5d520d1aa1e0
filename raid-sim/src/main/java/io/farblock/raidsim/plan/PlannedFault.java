package io.farblock.raidsim.plan;

/**
 * One entry of a plan. An immutable value.
 *
 * @param disk        the number of the disk.
 * @param maker       makes the fault.
 * @param trigger     when.
 * @param triggerText the same as the plan has it.
 * @param times       how often at most.
 * @param untilNs     from when on it happens no more and is taken back, counted from when the plan began.
 * @param line        where the entry begins in the plan.
 */
record PlannedFault(int disk, FaultKind.Maker maker, Trigger trigger, String triggerText, int times, long untilNs,
    int line)
{
}
