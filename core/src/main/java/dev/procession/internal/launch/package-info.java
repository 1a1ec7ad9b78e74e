/**
 * JVMs that are started, linked to, watched and buried.
 *
 * <p>{@link dev.procession.internal.launch.WorkerProcess} is the parent's end, {@link
 * dev.procession.internal.launch.WorkerLink} the worker's. Between them are a segment with a ring
 * each way ({@link dev.procession.internal.launch.LinkLayout}), the worker's standard input as the
 * pipe that wakes it and whose end says that the parent is gone, and a named pipe that wakes the
 * parent. What is said over the rings is a {@link dev.procession.internal.launch.Message}.
 *
 * <p>Threads: each public type says. Memory effects: those of the rings.
 */
@NullMarked
package dev.procession.internal.launch;

import org.jspecify.annotations.NullMarked;
