package dev.procession.internal.manager;

import dev.procession.internal.channel.ObjectMessages;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Copies of what a server has, as its clients have them. */
final class Copies {
  private Copies() {}

  /** Whether they are of the same; classes need not say when their objects are equal. */
  static boolean isSame(@Nullable Object one, @Nullable Object other) {
    return Objects.equals(one, other)
        || (one != null
            && other != null
            && one.getClass() == other.getClass()
            && Arrays.equals(bytes(one), bytes(other)));
  }

  private static byte[] bytes(Object object) {
    ObjectMessages.Encoded encoded = ObjectMessages.encode(object);
    encoded.free();
    return encoded.bytes();
  }
}
