package dev.procession.interpreter;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import shark.CloseableHeapGraph;
import shark.HeapAnalysis;
import shark.HeapAnalysisSuccess;
import shark.HeapAnalyzer;
import shark.HeapGraph;
import shark.HeapObject;
import shark.HprofHeapGraph;
import shark.HprofRecordTag;
import shark.Leak;
import shark.MetadataExtractor;

/** Names the references that keep objects which should be gone. */
final class Holders {
  private Holders() {}

  /** The shortest paths from roots to the instances of a class; empty if there are none. */
  static String of(Class<?> type) {
    try {
      Path folder = Files.createTempDirectory("holders");
      Path dump = folder.resolve("heap.hprof");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpHeap(dump.toString(), true);
        return describe(analyze(dump, type.getName()));
      } finally {
        Files.deleteIfExists(dump);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HeapAnalysis analyze(Path dump, String type) throws IOException {
    try (CloseableHeapGraph heap =
        HprofHeapGraph.Companion.openHeapGraph(
            dump.toFile(), null, EnumSet.allOf(HprofRecordTag.class))) {
      return new HeapAnalyzer(step -> {})
          .analyze(
              dump.toFile(),
              heap,
              graph -> instances(graph, type),
              List.of(),
              false,
              List.of(),
              MetadataExtractor.Companion.getNO_OP());
    }
  }

  private static Set<Long> instances(HeapGraph graph, String type) {
    Set<Long> ids = new HashSet<>();
    Iterator<HeapObject.HeapInstance> all = graph.getInstances().iterator();
    while (all.hasNext()) {
      HeapObject.HeapInstance instance = all.next();
      if (instance.getInstanceClassName().equals(type)) {
        ids.add(instance.getObjectId());
      }
    }
    return ids;
  }

  private static String describe(HeapAnalysis analysis) {
    if (analysis instanceof HeapAnalysisSuccess success) {
      return success.getApplicationLeaks().stream()
          .map(Leak::toString)
          .collect(Collectors.joining("\n"));
    }
    return analysis.toString();
  }
}
