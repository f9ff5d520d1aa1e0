/**
 * Where an array keeps its bytes: which chunk of which member holds which part of the array, as Linux md has it. Pure
 * arithmetic, immutable, on any thread.
 *
 * <pre>
 *   stripe = what is coded together:   data strips, then redundant ones, each one chunk of one member
 *
 *   RAID 0        1 data strip
 *   RAID 1, 10    1 data strip and its copies
 *   RAID 5, 6     members - 1 or - 2 data strips, P, and for RAID 6 Q
 * </pre>
 */
package io.farblock.raidsim.layout;
