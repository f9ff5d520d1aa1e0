/**
 * What a power cut may leave of a component's devices and files, tried state by state.
 *
 * <pre>
 *   CrashComponent.run ─> Media ─> Trace: writes, changes, names, syncs, facts, in order
 *                                    │  at each edge: before a sync takes effect or a fact is noted, and at the end
 *                                    v
 *                                  Pending ─ lots ─> Image ─> another Media ─> CrashComponent.recover ─> holds, or not
 * </pre>
 *
 * A component uses its real classes on a {@link io.farblock.powersim.explore.Media} and notes what it has promised to
 * a {@link io.farblock.powersim.explore.Witness}. The {@link io.farblock.powersim.explore.Explorer} makes every image
 * that a cut may leave, or a sample of them, opens the component on it, and asks whether the promises hold. What
 * recovery writes is recorded as well: the power may go once more in the midst of it.
 *
 * <p>One thread, no clock of its own; all chance comes from a seed, so that the {@link
 * io.farblock.powersim.explore.StateId} of a state makes that state again. Nothing is durable: devices are in memory,
 * files in a temporary directory that is removed.
 */
package io.farblock.powersim.explore;
