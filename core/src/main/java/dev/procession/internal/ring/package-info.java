/**
 * Rings of records in shared memory, and waiting for them.
 *
 * <p>Threads: one producer, one consumer, each in one thread at a time. Memory effects: everything
 * before {@link dev.procession.internal.ring.OneToOneRing#publish} is visible to the consumer that
 * has seen the record; everything before {@link dev.procession.internal.ring.OneToOneRing#release}
 * to the producer that reuses its bytes.
 */
@NullMarked
package dev.procession.internal.ring;

import org.jspecify.annotations.NullMarked;
