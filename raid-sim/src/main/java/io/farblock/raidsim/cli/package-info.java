/**
 * The command {@code raid-sim}: makes an array of simulated disks, serves it, shows it, breaks it.
 *
 * <p>{@code serve} keeps the process; every other command asks the serving process over its control socket, prints the
 * answer and ends. Real clocks, the terminal and the environment are taken here and handed on. Exit codes: 0 done, 1
 * failed, 2 usage, 3 not possible now, 4 data damaged.
 */
package io.farblock.raidsim.cli;
