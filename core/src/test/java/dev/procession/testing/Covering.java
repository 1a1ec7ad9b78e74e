package dev.procession.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A few of many cases, which between them cover all that any of the many does. */
public final class Covering {
  private Covering() {}

  /** A case. */
  public interface Row {
    /** What it covers: any values. */
    List<Object> covers();
  }

  /** Chooses those that cover most; the same ones each time. */
  public static <R extends Row> List<R> of(List<R> all) {
    Set<Object> missing = new HashSet<>();
    all.forEach(row -> missing.addAll(row.covers()));
    List<R> chosen = new ArrayList<>();
    while (!missing.isEmpty()) {
      R best = all.getFirst();
      long most = -1;
      for (R row : all) {
        long gain = row.covers().stream().filter(missing::contains).count();
        if (gain > most) {
          most = gain;
          best = row;
        }
      }
      chosen.add(best);
      best.covers().forEach(missing::remove);
    }
    return chosen;
  }
}
