/**
 * The file that says what array there is: which disks, of which kind, made into which RAID.
 *
 * <pre>
 *   ARRAY.toml ─> ArrayFile (every mistake at once) ─> ArrayConfig, DiskConfig (immutable)
 * </pre>
 *
 * No threads, and nothing is durable: files are read and never written.
 */
package io.farblock.raidsim.config;
