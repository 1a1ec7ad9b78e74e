/**
 * What only the operating system can do: sleeping on a word of shared memory, named pipes, start
 * times of processes, signals. The only room that knows Linux; everywhere else a platform is an
 * {@link dev.procession.internal.os.Os}.
 *
 * <p>Threads: everything here may be called from any thread. Memory effects: {@link
 * dev.procession.internal.os.WordWait} sleeps and wakes, and orders nothing; callers fence.
 */
@NullMarked
package dev.procession.internal.os;

import org.jspecify.annotations.NullMarked;
