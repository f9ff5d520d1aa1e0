/**
 * The file that describes UPSes and their server: read once, checked, told what is wrong with it all at once. What
 * comes out is immutable. One thread, no clock, nothing durable.
 */
package io.farblock.powersim.config;
