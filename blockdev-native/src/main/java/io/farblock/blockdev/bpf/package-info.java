/**
 * What was written to a disk, from programs that the Linux kernel runs at every write.
 *
 * <pre>
 *   a write ──> tracepoint ──> program ──> map of the volume (kernel memory, mapped here) ──> harvest ──> epoch
 *                                 └──────> table of writes in flight ────────────────────────────┘
 * </pre>
 *
 * {@link io.farblock.blockdev.bpf.BpfTracker} is what others use, with
 * {@link io.farblock.blockdev.bpf.BpfFileSystem} saying where things are pinned. Programs are written instruction by
 * instruction ({@code Assembler}, {@code EventProgram}, {@code MarkProgram}) for the kernel that runs, whose own
 * description of its types ({@code Btf}) says where fields lie; no compiler, no library.
 *
 * <p>In flow the writes of everybody; out flow marked granules and gaps. Harvesting runs on the capture thread of the
 * volume, opening under a lock. What is pinned outlives the process and ends with the machine: nothing here is durable
 * across a boot, and a boot is a gap, unless whoever wrote the marks down brings them back.
 */
package io.farblock.blockdev.bpf;
