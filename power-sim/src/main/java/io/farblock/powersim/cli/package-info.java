/**
 * The command line of {@code power-sim}: each command is one class, parses its arguments and prints. Real clocks and
 * directories are taken here. Runs on the main thread; nothing is durable.
 */
package io.farblock.powersim.cli;
