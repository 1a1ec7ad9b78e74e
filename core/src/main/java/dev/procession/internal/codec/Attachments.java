package dev.procession.internal.codec;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the frame that is being encoded has outside of its bytes: each thing once, however often the
 * value is looked at until it is encoded. For one thread at a time.
 */
public final class Attachments {
  private static final ThreadLocal<@Nullable Attachments> CURRENT = new ThreadLocal<>();

  private final IdentityHashMap<Object, Attachment> attachments = new IdentityHashMap<>();

  Attachments() {}

  /**
   * What belongs to the frame that this thread is encoding, added if it is not there yet. If it
   * encodes none, as when the JDK serializes for somebody else, nobody will free it.
   *
   * @param key by which it is found again; by identity
   */
  @SuppressWarnings("unchecked") // a key has attachments of one class
  public static <A extends Attachment> A add(Object key, Supplier<A> maker) {
    Attachments current = CURRENT.get();
    return current == null
        ? maker.get()
        : (A) current.attachments.computeIfAbsent(key, k -> maker.get());
  }

  void put(Attachment attachment) {
    attachments.put(attachment, attachment);
  }

  Collection<Attachment> all() {
    return attachments.values();
  }

  void free() {
    attachments.values().forEach(Attachment::free);
  }

  /** A step of encoding, in which code of the value's classes runs. */
  interface Step<R, E extends Exception> {
    R run() throws E;
  }

  /** Runs a step of encoding this frame. */
  <R, E extends Exception> R during(Step<R, E> step) throws E {
    Attachments outer = CURRENT.get();
    CURRENT.set(this);
    try {
      return step.run();
    } finally {
      CURRENT.set(outer);
    }
  }
}
