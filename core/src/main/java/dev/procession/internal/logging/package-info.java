/**
 * Log records on their way to standard error, and to the process that has started this one.
 *
 * <p>Threads: any. Only loaded by who asks for it: it needs the module {@code java.logging}.
 */
@NullMarked
package dev.procession.internal.logging;

import org.jspecify.annotations.NullMarked;
