package dev.procession.internal.launch;

import dev.procession.internal.os.Os;
import dev.procession.internal.segment.SharedBytes;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The key that all processes of a program have and nobody else: the first makes it, each hands it
 * on, in memory that only this user can read.
 */
public final class ProgramKey {
  static final int LENGTH = 32;

  private static final AtomicReference<byte @Nullable []> KEY = new AtomicReference<>();

  private ProgramKey() {}

  /** The key; not to be changed. */
  public static byte[] get() {
    byte[] known = KEY.get();
    if (known != null) {
      return known;
    }
    byte[] made = Os.current().secret(LENGTH);
    byte[] others = KEY.compareAndExchange(null, made);
    return others == null ? made : others;
  }

  /** In a worker: its parent has it. */
  static void arrived(SharedBytes bytes) {
    byte[] parents = new byte[LENGTH];
    bytes.getBytes(LinkLayout.KEY, parents, 0, LENGTH);
    KEY.set(parents);
  }
}
