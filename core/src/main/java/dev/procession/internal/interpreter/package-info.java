/**
 * Worlds of classes inside this process: a world has the application's classes anew, with statics
 * of their own, and shares those of the JDK and of this library with all others. {@link
 * dev.procession.internal.interpreter.WorldLoader} defines the classes, {@link
 * dev.procession.internal.interpreter.World} has the loaders and the thread that runs its code,
 * {@link dev.procession.internal.interpreter.Crossing} is a value on its way from one to another.
 *
 * <p>Worlds are for any thread; what crosses is visible to who receives it.
 */
@NullMarked
package dev.procession.internal.interpreter;

import org.jspecify.annotations.NullMarked;
