package dev.procession.internal.manager;

import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/** The objects of a server that this process holds, each once. Thread-safe. */
final class Remotes {
  private final Home home;
  private final ConcurrentHashMap<Long, WeakReference<Remote>> remotes = new ConcurrentHashMap<>();

  Remotes(Home home) {
    this.home = home;
  }

  /**
   * An object.
   *
   * @param granted whether the server has just counted this process as a holder once more
   */
  Remote get(long object, boolean granted) {
    Remote remote = get(object);
    if (granted) {
      remote.granted();
    }
    return remote;
  }

  private Remote get(long object) {
    WeakReference<Remote> before = remotes.get(object);
    Remote there = before == null ? null : before.get();
    if (there != null) {
      return there;
    }
    Remote made = new Remote(home, object);
    while (true) {
      WeakReference<Remote> known = remotes.putIfAbsent(object, made.reference());
      Remote living = known == null ? made : known.get();
      if (living != null) {
        return living;
      }
      remotes.remove(object, known);
    }
  }

  /** An object was collected. */
  void forget(long object) {
    remotes.computeIfPresent(object, (id, known) -> known.refersTo(null) ? null : known);
  }
}
