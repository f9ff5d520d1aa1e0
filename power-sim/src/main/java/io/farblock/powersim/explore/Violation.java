package io.farblock.powersim.explore;

/**
 * A state from which a component did not recover as it should. An immutable value.
 *
 * @param id    makes the state again.
 * @param what  was broken.
 * @param cause with its stack.
 */
public record Violation(StateId id, String what, Throwable cause)
{
    /** On one line, to be shown. */
    @Override
    public String toString()
    {
        return id + ": " + what;
    }
}
