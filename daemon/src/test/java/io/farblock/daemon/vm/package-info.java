/**
 * Real md arrays and file systems under one of Debian's own kernels, in virtual machines whose power can be cut: only
 * run by {@code mvn -Pvm}. The test's thread starts the machine, tells it what to do over a serial line, and cuts it
 * off; its disks are power-sim's, served by the test's JVM; the other side's daemon runs on this machine. How the rig
 * is made: {@code daemon/src/docs/design/004-power-cuts.md} and {@code 008-full-stack-cuts.md}.
 */
package io.farblock.daemon.vm;
