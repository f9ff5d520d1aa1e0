/**
 * What was received and is not applied yet, in order: one segment for each attempt of an epoch, a Chronicle Queue of
 * frames exactly as they came over the wire, each with its own CRC32C. A segment that is sealed is applied, whatever
 * happens; one that is not is thrown away. What an earlier life left is read as it lies in the file, without
 * Chronicle, which does not open what a power cut has torn at its head.
 *
 * <p>Runs on the apply thread. Durable is a segment whose {@code seal} has returned 0.
 */
package io.farblock.replication.journal;
