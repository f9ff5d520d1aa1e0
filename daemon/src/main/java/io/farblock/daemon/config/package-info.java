/**
 * The configuration file: TOML in, one immutable {@link io.farblock.daemon.config.DaemonConfig} out, or every mistake
 * in it at once, one line each.
 *
 * <p>Runs on the caller's thread, reads one file and does nothing else: no name is looked up, no device is opened.
 * The keys stand in {@link io.farblock.daemon.config.ConfigKey}, which also prints the manual's table.
 */
package io.farblock.daemon.config;
