package dev.procession.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Compares the library with something in one respect. */
interface Comparison {
  List<Line> measure(Setting setting) throws IOException, ExecutionException, InterruptedException;
}
