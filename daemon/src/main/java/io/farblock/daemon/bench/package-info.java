/**
 * What this machine can do, measured for people: a device by itself, and the whole pipeline over loopback. In: a path
 * or a size; out: records of figures that {@code cli} prints. Runs on the caller's thread; writes only into files of
 * its own, which are gone afterwards.
 */
package io.farblock.daemon.bench;
