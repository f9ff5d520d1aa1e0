/**
 * Bytes between two sites: what a frame is, how long it may be, and what makes it wrong. The message layouts are in
 * {@code farblock-wire.xml} beside this package; the codecs are generated from it. No sockets here, no threads, and
 * nothing is allocated from a number that came over the wire before that number was checked.
 */
package io.farblock.replication.wire;
