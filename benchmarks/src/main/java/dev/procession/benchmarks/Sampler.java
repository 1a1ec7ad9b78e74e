package dev.procession.benchmarks;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Measures something once. */
@FunctionalInterface
interface Sampler {
  /** Nanoseconds it took, of the part that counts. */
  double sample() throws IOException, ExecutionException, InterruptedException;
}
