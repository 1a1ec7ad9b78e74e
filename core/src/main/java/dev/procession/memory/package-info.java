/**
 * Memory that processes share: numbers, arrays, lists, and blocks of bytes with a name.
 *
 * <p>Whatever is opened here can be captured by a lambda, put into an object that travels, returned
 * from a task: it is the same thing in every process that gets it, and nothing is copied. It exists
 * until the process that has opened it closes it or ends; those that have it by then can go on
 * using it. What killed processes left is deleted at the next start of a worker by any Procession
 * program.
 *
 * <p>Memory is allocated when something is opened: a full {@code /dev/shm} is an exception there,
 * not a crash later. It is for this user only.
 *
 * <p>{@link dev.procession.memory.SharedMemory} is the one type whose bytes have no layout of ours,
 * and a name of its own: Python's {@code multiprocessing.shared_memory} opens it, and the other way
 * round.
 */
@NullMarked
package dev.procession.memory;

import org.jspecify.annotations.NullMarked;
