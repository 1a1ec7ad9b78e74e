/**
 * Objects in memory that any processes share, of whatever kind: their files, who takes part,
 * waiting for each other, and a lock that outlives its owner.
 *
 * <p>Threads: any, of any process. Memory effects: all accesses are volatile; what is done before a
 * word is written is visible to who has read it.
 */
@NullMarked
package dev.procession.internal.shared;

import org.jspecify.annotations.NullMarked;
