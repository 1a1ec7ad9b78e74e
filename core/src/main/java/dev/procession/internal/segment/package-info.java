/**
 * Memory that several processes see: files on a memory-backed file system, mapped; their names, and
 * the sweeping of what killed processes left.
 *
 * <p>A file's name carries its creator's pid, start time and pid scope, so that anybody can tell
 * whether its creator still lives. Threads: creating, attaching and sweeping may be done from any
 * thread; who may use the words of a segment is for the layouts above to say. Memory effects: those
 * of the access used, see {@link dev.procession.internal.segment.SharedBytes}.
 */
@NullMarked
package dev.procession.internal.segment;

import org.jspecify.annotations.NullMarked;
