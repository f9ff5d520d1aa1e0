/**
 * Real md arrays under one of Debian's own kernels, in virtual machines whose power can be cut: only run by
 * {@code mvn -Pvm}. The test's thread starts the machine, tells it what to do over a serial line, and cuts it off; the
 * target's daemon runs on this machine. How the rig is made: {@code daemon/src/docs/design/004-power-cuts.md}.
 */
package io.farblock.daemon.vm;
