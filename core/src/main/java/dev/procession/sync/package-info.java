/**
 * Locks, semaphores, events and barriers that processes share, with the methods that their
 * counterparts for threads have.
 *
 * <p>Whatever is opened here can be captured by a lambda, put into an object that travels, returned
 * from a task: it is the same thing in every process that gets it. It exists until the process that
 * has opened it closes it or ends; those that have it by then can go on using it.
 *
 * <p><b>No death blocks anyone.</b> Whoever waits for something that a process has which ends, in
 * whatever way, goes on within a tenth of a second or two, or is told by an exception.
 *
 * <p><b>Waiting.</b> Every wait can be interrupted if it is declared to be, which it notices within
 * 50 ms. It takes less than a hundredth of a processor, without a futex some hundredths; a virtual
 * thread that waits does not occupy its carrier. Where the platform has no futex, a waiter looks in
 * intervals of up to 5 ms.
 *
 * <p><b>Memory effects.</b> As of the counterparts: what was done before an unlock, release, set or
 * arrival is visible, also in shared memory, to whoever has seen it.
 *
 * <p>All types are thread-safe.
 */
@NullMarked
package dev.procession.sync;

import org.jspecify.annotations.NullMarked;
