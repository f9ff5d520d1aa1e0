/**
 * What happens after something broke: finding out, with as few bytes as possible, where two sides' digests differ. Runs
 * on the capture thread; changes a digest table in memory, durable after the volume's next sync.
 */
package io.farblock.replication.resync;
