/**
 * The program. {@link io.farblock.daemon.Daemon} holds one running site together; around it stand
 * {@code config} (the file), {@code engine} (the door to replication), {@code schedule} (epochs by the clock),
 * {@code power} (what is done when the current stops), {@code control} (the socket that commands use), {@code cli} (the
 * commands) and {@code demo} (two sites on one machine, and what can happen to them).
 */
package io.farblock.daemon;
