/**
 * How a simulator is run by one command and driven by others: {@code serve} keeps the process, everybody else asks it.
 *
 * <pre>
 *   command ─> ControlClient ══ unix socket beside the file ══> ControlServer ─> requests ─> Answer ─> exit code, text
 *                                                  ControlLock: one server for a file
 * </pre>
 *
 * Threads: one a server, for all requests. Nothing is durable but the lock file, which is empty.
 */
package io.farblock.powersim.command;
