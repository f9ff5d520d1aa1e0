/**
 * The kernel's marks, written down so that they outlive the machine's run.
 *
 * <pre>
 *   tracker ──look, take nothing──> MarkKeeper ──once a second──> MarkFile (state directory)
 *                                                                    │  after a boot
 *   new tracker <──marks──────────── Resume <── early writes?, md's bitmap, clean? ──┘
 * </pre>
 *
 * {@link io.farblock.replication.marks.MarkKeeper} stands between a volume and its tracker and writes down what the
 * loss of the marks would lose. {@code Resume} brings it back after a boot; {@code ResumeCase} decides whether that
 * is all that has to be compared. {@link io.farblock.replication.marks.KeepGuard} takes back the word that the map is
 * up to date when nobody keeps it so. {@link io.farblock.replication.marks.VolumeMarks} is what a volume has of it.
 *
 * <p>Looks and writes run on the thread {@code src-marks}, everything else of a keeper on its volume's capture thread.
 * What {@code keep} has returned from is durable.
 */
package io.farblock.replication.marks;
