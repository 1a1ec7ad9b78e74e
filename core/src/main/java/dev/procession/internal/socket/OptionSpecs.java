package dev.procession.internal.socket;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * What options of users have chosen, for other packages than theirs: their class says how to read
 * them, when it is initialized.
 */
public final class OptionSpecs {
  private static final AtomicReference<Function<Object, SocketSpec>> READER =
      new AtomicReference<>(
          options -> {
            throw new IllegalStateException("not initialized: class=" + options.getClass());
          });

  private OptionSpecs() {}

  /** The class of options says how they are read. */
  public static void readBy(Function<Object, SocketSpec> reader) {
    READER.set(reader);
  }

  /** What options have chosen. */
  public static SocketSpec of(Object options) {
    return READER.get().apply(options);
  }
}
