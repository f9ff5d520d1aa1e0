/**
 * What the site does when the current stops. {@code nut} asks NUT servers for the state of each UPS, a
 * {@link io.farblock.daemon.power.UpsFeed}; what is done about it is decided here. Reading only: whether and when the
 * machine is shut down is upsmon's to decide.
 */
package io.farblock.daemon.power;
