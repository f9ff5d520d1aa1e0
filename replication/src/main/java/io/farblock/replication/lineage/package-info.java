/**
 * Where a copy comes from: which epoch a digest table stands for, and whether it was left in order. One small record a
 * volume, replaced atomically, durable when {@code write} has returned.
 */
package io.farblock.replication.lineage;
