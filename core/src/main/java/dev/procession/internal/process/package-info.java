/**
 * What is behind {@link dev.procession.ChildProcess}: a worker JVM that is given one piece of code.
 *
 * <p>Threads and memory effects: those of the public type.
 */
@NullMarked
package dev.procession.internal.process;

import org.jspecify.annotations.NullMarked;
