/**
 * Two sites on one machine, and what can happen to them: a full copy, changes, a line that is cut in mid-epoch, a
 * target that is killed in mid-epoch, and a compare of every byte at the end.
 *
 * <p>{@link io.farblock.daemon.demo.Demo} tells the story on the main thread. The sites are real daemons in processes
 * of their own ({@link io.farblock.daemon.demo.DemoSite}); their paths run through
 * {@link io.farblock.daemon.demo.PathRelay}s here, so that a line can be slow and can be cut. Everything lies in one
 * working directory that goes when the demo goes. Nothing is pretended: a fault that came too late is tried again, and
 * then it is a failure.
 */
package io.farblock.daemon.demo;
