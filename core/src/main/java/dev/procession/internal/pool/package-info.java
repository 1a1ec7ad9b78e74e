/**
 * What is behind {@link dev.procession.Pool}.
 *
 * <pre>
 *   caller ── Work, in Pieces ──► Scheduler ── Chunks ──► Worker … process
 *     ▲                                                        │
 *     └──────────── Outcomes, item by item ◄───────────────────┘
 * </pre>
 *
 * <p>{@link dev.procession.internal.pool.Scheduler} owns the queue and the workers; it knows them
 * as {@link dev.procession.internal.pool.Worker}, so that there may be other kinds. {@link
 * dev.procession.internal.pool.Work} is what a call has submitted and takes the outcomes.
 *
 * <p>Threads: submitting threads and the reader threads of workers meet in the scheduler, under its
 * lock. Users' callbacks run in virtual threads, never in a reader. Memory effects: as {@link
 * dev.procession} promises, by the rings and the completion of futures.
 */
@NullMarked
package dev.procession.internal.pool;

import org.jspecify.annotations.NullMarked;
