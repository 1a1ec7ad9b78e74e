/**
 * Measurements: {@link dev.procession.benchmarks.Comparisons} of the library with others, and JMH
 * benchmarks of its inner parts.
 */
@NullMarked
package dev.procession.benchmarks;

import org.jspecify.annotations.NullMarked;
