package dev.procession.memory;

import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.SharedHandle;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Values in shared memory that are read and set whole: each is a slot that begins with its version,
 * 8 bytes, how often it was set; then come two places, one for even versions, one for odd.
 *
 * <p>Whoever sets writes to the place that is not valid, then the version, by which it becomes
 * valid whole. A reader that finds the version as it was before has read what was valid all the
 * time: its place is written again only after the version has changed. One that is overtaken again
 * and again, as the value is large and set without pause, takes its turn with those who set. A
 * death before the version leaves the old value.
 */
final class VersionedSlots {
  /** How often a reader may be overtaken. */
  private static final int TRIES = 32;

  private final SharedHandle handle;
  private final OwnedWord setting;

  /**
   * @param offset of the word that says who is setting
   */
  VersionedSlots(SharedHandle handle, long offset) {
    this.handle = handle;
    this.setting = new OwnedWord(handle.object(), offset);
  }

  /**
   * Reads a slot.
   *
   * @param reader gets the version whose place it shall read; may find it half written, and runs
   *     again then
   */
  <T> T read(long slot, LongFunction<T> reader) {
    SharedWords words = handle.words();
    for (int i = 0; i < TRIES; i++) {
      long version = words.getLong(slot);
      T seen = reader.apply(version);
      if (words.getLongAfterReads(slot) == version) {
        return seen;
      }
    }
    boolean _ = setting.takeAnyway();
    try {
      return reader.apply(words.getLong(slot));
    } finally {
      boolean _ = setting.free();
    }
  }

  /**
   * Sets a slot.
   *
   * @param writer gets the version that is valid: may read its place, and writes the next one's
   * @return what the writer returns
   */
  <T> T set(long slot, LongFunction<T> writer) {
    SharedWords words = handle.words();
    boolean _ = setting.takeAnyway();
    try {
      long version = words.getLong(slot);
      VarHandle.fullFence(); // who still reads the other place is to see that it is not valid
      T result = writer.apply(version);
      words.setLong(slot, version + 1);
      return result;
    } finally {
      boolean _ = setting.free();
    }
  }

  /**
   * Sets a slot if it still has a version.
   *
   * @param writer as for {@link #set}
   * @return whether it had
   */
  boolean setIf(long slot, long version, LongConsumer writer) {
    SharedWords words = handle.words();
    boolean _ = setting.takeAnyway();
    try {
      if (words.getLong(slot) != version) {
        return false;
      }
      VarHandle.fullFence(); // likewise
      writer.accept(version);
      words.setLong(slot, version + 1);
      return true;
    } finally {
      boolean _ = setting.free();
    }
  }
}
