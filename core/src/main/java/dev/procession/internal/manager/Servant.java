package dev.procession.internal.manager;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** An object of the library's own that wants to know what becomes of its clients. */
interface Servant {
  /** A client has ended: what it held is free. */
  default void left(Client client) {}

  /** What a proxy of it is in its own process, if that is no proxy. */
  default @Nullable Object itself() {
    return null;
  }

  /** Nobody holds it any more. */
  default void gone() {}

  /** What a method has returned did not reach who called it. */
  default void undelivered(Method method, @Nullable Object result) {}
}
