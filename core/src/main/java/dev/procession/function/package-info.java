/**
 * Functions that can travel to another process: the functional interfaces of the JDK, but {@link
 * java.io.Serializable}, and free to throw checked exceptions.
 *
 * <p>A lambda or method reference given where one of these is expected travels by what it captured:
 * the variables and, if it uses members of the enclosing object, that object. They have to be plain
 * values, records of them, or Serializable. Changes that the other process makes to them are not
 * seen here, nor the other way round.
 *
 * <p>Threads: a function runs in the process that it travels to, in whatever thread is documented
 * there. Memory effects: those of the operation that it is given to.
 */
@NullMarked
package dev.procession.function;

import org.jspecify.annotations.NullMarked;
