/**
 * Files that people write for the simulators, read so that everything wrong with one is said at once:
 *
 * <pre>
 *   TOML ─> PlanText ─> PlanTable, key by key ─> whatever the reader makes of it
 *                          └> Mistakes: file, line, key, found, expected, advice ─> PlanException
 * </pre>
 *
 * One thread, one file; nothing is durable.
 */
package io.farblock.powersim.plan;
