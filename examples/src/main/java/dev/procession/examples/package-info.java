/** Programs which show what the library is for; {@code ./run} lists and starts them. */
@NullMarked
package dev.procession.examples;

import org.jspecify.annotations.NullMarked;
