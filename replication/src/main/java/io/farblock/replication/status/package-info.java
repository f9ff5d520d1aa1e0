/**
 * What the engine says of itself: immutable records, made on demand from counters that have one writer each. Safe to
 * ask for from any thread; nothing here is durable.
 */
package io.farblock.replication.status;
