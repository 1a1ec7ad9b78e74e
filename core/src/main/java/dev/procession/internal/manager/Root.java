package dev.procession.internal.manager;

import dev.procession.function.SerializableCallable;
import dev.procession.manager.ManagerStats;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server itself, as its clients call it: object {@link #ID}. */
interface Root {
  long ID = 0;

  /** Says who the client is. */
  void introduce(String name, long pid);

  /** Keeps an object until the ticket is used or dropped, or for a while after its owner's end. */
  long ticket(long object);

  /** A ticket was not used, and will not be. */
  void drop(long object, long ticket);

  /** Holds an object for the client, in place of a ticket; false if it is gone. */
  boolean hold(long object, long ticket);

  /** Gives back what was granted, so many times. */
  void release(long object, int count);

  /**
   * Makes one of the library's own types.
   *
   * @return a proxy of it
   */
  Object open(Kind kind, @Nullable Object... arguments);

  /**
   * Makes an object and serves it.
   *
   * @param exposed names of the methods that may be called; empty for all of the interface
   * @param proxied names of the methods whose results stay there
   * @return a proxy of it
   */
  <T> Object create(
      Class<T> type,
      SerializableCallable<? extends T> factory,
      Set<String> exposed,
      Set<String> proxied)
      throws Exception;

  /** Gives an object a name, under which it stays. */
  void bind(String name, Object proxy);

  /** What has a name, or null. */
  @Nullable Object lookup(String name);

  /** Takes a name away. */
  boolean unbind(String name);

  /** Calls several methods, one after the other, up to the first that fails. */
  @Nullable Object[] batch(Object[] calls) throws Exception;

  /** What an object says that it is. */
  @Nullable String text(long object);

  ManagerStats stats();

  /** Ends the process that serves. */
  void end();
}
