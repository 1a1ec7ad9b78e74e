/**
 * What runs in a worker JVM: its main, the loop that does what the parent says, and the classes
 * that only the parent has. Stands above all other rooms; they know it by name only.
 *
 * <p>Threads: the main thread receives and runs; a daemon watches the standard input. Memory
 * effects: those of the link's rings.
 */
@NullMarked
package dev.procession.internal.worker;

import org.jspecify.annotations.NullMarked;
