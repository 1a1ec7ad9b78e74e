/**
 * Isolated worlds of classes in this process: in each, the application's classes exist anew, with
 * statics of their own.
 *
 * <p>Lighter than a process, and isolates less: nothing protects one from another's crash, and they
 * share the heap, the system properties, the standard streams, and whatever the JDK keeps in
 * statics. A native library is loaded in one of them only. Code that ignores interrupts cannot be
 * ended.
 *
 * <p>After <a href="https://peps.python.org/pep-0734/">PEP 734</a>, Python's {@code
 * concurrent.interpreters}.
 */
@NullMarked
package dev.procession.interpreter;

import org.jspecify.annotations.NullMarked;
