/**
 * The commands. {@link io.farblock.daemon.cli.Main} parses; each command is a class; client commands ask a running
 * daemon through {@code control} and print. Everything runs on the main thread. What people read goes to standard
 * output, what went wrong to standard error in one or two lines, and the exit code says how it ended
 * ({@link io.farblock.daemon.control.ExitCode}).
 */
package io.farblock.daemon.cli;
