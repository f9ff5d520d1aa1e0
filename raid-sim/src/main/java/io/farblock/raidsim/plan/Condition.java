package io.farblock.raidsim.plan;

/** Something that holds of an array or does not. Immutable; {@link ConditionText} makes them. */
interface Condition
{
    /** @param elapsedNs since the plan began. */
    boolean holds(PlanSubject subject, long elapsedNs);

    default Condition and(final Condition other)
    {
        return (subject, elapsedNs) -> holds(subject, elapsedNs) && other.holds(subject, elapsedNs);
    }

    default Condition or(final Condition other)
    {
        return (subject, elapsedNs) -> holds(subject, elapsedNs) || other.holds(subject, elapsedNs);
    }

    default Condition not()
    {
        return (subject, elapsedNs) -> !holds(subject, elapsedNs);
    }
}
