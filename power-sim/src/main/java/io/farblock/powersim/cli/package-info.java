/**
 * The command {@code power-sim}, and {@link io.farblock.powersim.cli.Program}, by which every simulator's command runs.
 * Real clocks, the terminal and the environment are taken here and handed on. Exit codes: 0 done, 1 failed, 2 usage, 3
 * not possible now, 4 data damaged.
 */
package io.farblock.powersim.cli;
