/**
 * Queues and pipes between processes, and connections between any.
 *
 * <p>Whatever is opened here can be captured by a lambda, put into an object that travels, returned
 * from a task: it is the same thing in every process that gets it. It exists until the process that
 * has opened it closes it or ends.
 *
 * <p>No death blocks anyone, and waiting is as in {@link dev.procession.sync}. Memory effects: what
 * was done before an object is put is visible, also in shared memory, to who has taken it.
 */
@NullMarked
package dev.procession.channel;

import org.jspecify.annotations.NullMarked;
