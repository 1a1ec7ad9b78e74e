/**
 * Processes that run Java code, and pools of them.
 *
 * <p>{@link dev.procession.ChildProcess} is one process, {@link dev.procession.Pool} several that
 * share work. Both run lambdas and method references in JVMs of their own, with their own heaps and
 * statics: what crashes, leaks, exits or never ends there costs that JVM, not this one.
 *
 * <p><b>What travels.</b> Code and values are copied to the other process when they are handed
 * over; changes made later, on either side, are not seen by the other. Plain values (boxed,
 * strings, arrays, the usual collections, records and enums) travel as they are; other objects have
 * to be {@link java.io.Serializable}. What cannot travel is a {@link
 * dev.procession.TaskNotSerializableException} at the call.
 *
 * <p><b>Memory consistency.</b> Actions in a thread before it starts a process or submits a task
 * happen before the actions of that process or task; those happen before the actions that follow
 * the retrieval of its result here.
 *
 * <p><b>Lifetime.</b> When this process ends, however it does, the processes that it started end
 * within a second, and theirs with them.
 */
@NullMarked
package dev.procession;

import org.jspecify.annotations.NullMarked;
