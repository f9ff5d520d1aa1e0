/**
 * What the fuzz targets ({@code *Fuzz} in the packages that they test) have in common: an input read as decisions, and
 * frames made from it. {@code replication/src/docs/design/011-fuzzing.md} says how to run them.
 */
package io.farblock.replication.fuzz;
