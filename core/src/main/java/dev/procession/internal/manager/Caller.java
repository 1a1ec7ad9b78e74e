package dev.procession.internal.manager;

import org.jspecify.annotations.Nullable;

/**
 * Who calls a servant: a thread of a client.
 *
 * @param thread its number there
 */
record Caller(Client client, long thread) {
  private static final ThreadLocal<@Nullable Caller> CURRENT = new ThreadLocal<>();

  /** Who has called the method that this thread runs. */
  static Caller current() {
    Caller caller = CURRENT.get();
    if (caller == null) {
      throw new IllegalStateException("not called by a client");
    }
    return caller;
  }

  /** Code that is called. */
  interface Code<T extends @Nullable Object> {
    T run() throws Throwable;
  }

  <T extends @Nullable Object> T calls(Code<T> code) throws Throwable {
    Caller outer = CURRENT.get();
    CURRENT.set(this);
    try {
      return code.run();
    } finally {
      CURRENT.set(outer);
    }
  }
}
