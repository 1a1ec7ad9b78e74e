package dev.procession.internal.worker;

import dev.procession.internal.launch.WorkerLink;
import dev.procession.internal.os.Os;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Tells the parent of this process's memory now and then, also for whoever looks after its death.
 */
final class MemoryWatch {
  /** Looking takes some 50 microseconds. */
  private static final long LOOK_NANOS = 200_000_000;

  /** The first look at the collectors loads classes for 12 ms: not for a worker that soon ends. */
  private static final int LOOKS_BEFORE_COLLECTORS = 5;

  private static final boolean MANAGED =
      ModuleLayer.boot().findModule("java.management").isPresent();

  private final WorkerLink link;
  private long looked = System.nanoTime();
  private int looks;

  MemoryWatch(WorkerLink link) {
    this.link = link;
  }

  /** Looks, if it is time. */
  void look(long now) {
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    looks++;
    Runtime jvm = Runtime.getRuntime();
    link.memory(
        Os.current().peakMemory(ProcessHandle.current().pid()),
        jvm.totalMemory() - jvm.freeMemory(),
        MANAGED && looks > LOOKS_BEFORE_COLLECTORS ? Collectors.nanos() : 0);
  }

  /** A class of its own, as a JVM may have no such beans. */
  private static final class Collectors {
    private static final List<GarbageCollectorMXBean> ALL =
        ManagementFactory.getGarbageCollectorMXBeans();

    static long nanos() {
      long millis = 0;
      for (GarbageCollectorMXBean collector : ALL) {
        millis += Math.max(0, collector.getCollectionTime());
      }
      return millis * 1_000_000;
    }
  }
}
