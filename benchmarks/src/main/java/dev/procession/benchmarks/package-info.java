/** JMH benchmarks of the library. */
@NullMarked
package dev.procession.benchmarks;

import org.jspecify.annotations.NullMarked;
