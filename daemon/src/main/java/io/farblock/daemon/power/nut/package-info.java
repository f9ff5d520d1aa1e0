/**
 * Asks NUT servers (upsd; RFC 9271) how the UPSes are. In: lines from servers that are not trusted. Out: one
 * {@link io.farblock.daemon.power.UpsStatus} for each UPS. Reading only: it never logs in, since upsd counts those who
 * do among the machines whose shutdown it waits for, and sends nothing that changes anything.
 *
 * <pre>
 *   NutMonitor ─ step ─> NutWatch (one a UPS: connects, backs off) ─> NutSession (questions, answers, time limits)
 *                           │                                            ^ lines   │ lines, "go TLS"
 *                           v                                            │         v
 *                        LastWord (what it said, what that is worth)    NutNetwork (sockets, names, TLS)
 * </pre>
 *
 * <p>All of it runs on one thread, "nut", but for looking up names, which blocks and has short threads of its own.
 * Whatever goes wrong here ends in a UPS that is unknown, and says why. Nothing is durable.
 */
package io.farblock.daemon.power.nut;
