/**
 * Fault plans: which disk gets which fault, and when, as data that a person writes.
 *
 * <pre>
 *   TOML ─> FaultPlan (checked, immutable) ─> PlanRunner.step() ─> PlanSubject.inject(disk, fault)
 *                                                  └─> log: what was injected and why, and what it struck first
 * </pre>
 *
 * Whoever drives the array steps the runner, before or after each request or from time to time; the array tells it how
 * things stand through {@link io.farblock.raidsim.plan.PlanSubject}. The same plan, seed and requests give the same
 * faults. No threads and no clock; nothing is durable.
 */
package io.farblock.raidsim.plan;
