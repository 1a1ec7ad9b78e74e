/**
 * What is behind queues and pipes between processes.
 *
 * <p>Threads: any, of any process; who puts and who takes is owned by one at a time. Memory
 * effects: what is done before a record is put is visible to who has taken it.
 */
@NullMarked
package dev.procession.internal.channel;

import org.jspecify.annotations.NullMarked;
