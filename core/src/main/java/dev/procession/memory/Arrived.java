package dev.procession.memory;

import dev.procession.internal.segment.NamedBlock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The blocks that have arrived in this process. Each is mapped once, however often it arrives: a
 * task that gets one does not close it, and a worker runs many.
 */
final class Arrived {
  /** Guarded by itself. */
  private static final Map<Path, WeakReference<NamedBlock>> BLOCKS = new HashMap<>();

  private Arrived() {}

  static NamedBlock at(Path path) throws IOException {
    Object key = NamedBlock.key(path);
    synchronized (BLOCKS) {
      BLOCKS.values().removeIf(reference -> reference.refersTo(null));
      WeakReference<NamedBlock> reference = BLOCKS.get(path);
      NamedBlock known = reference == null ? null : reference.get();
      if (known == null || key == null || !Objects.equals(key, known.key())) {
        known = NamedBlock.attach(path, Arena.ofAuto());
        BLOCKS.put(path, new WeakReference<>(known));
      }
      return known;
    }
  }
}
