package dev.procession.internal.pool;

import dev.procession.TaskNotSerializableException;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.interpreter.Crossing;
import dev.procession.internal.interpreter.World;
import dev.procession.internal.launch.CurrentClasses;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values for workers in worlds of their own in this process. */
final class CrossingParcel implements Parcel {
  private final Crossing[] values;
  private final @Nullable World world;

  private CrossingParcel(Crossing[] values, @Nullable World world) {
    this.values = values;
    this.world = world;
  }

  /** Where it was packed, or null if outside of all. */
  @Nullable World world() {
    return world;
  }

  Crossing value(int index) {
    return values[index];
  }

  @Override
  public int count() {
    return values.length;
  }

  @Override
  public int bytes(int from, int to) {
    int bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += values[i].length();
    }
    return bytes;
  }

  @Override
  public void discard(int index) {
    values[index].discard();
    values[index] = Crossing.NOTHING; // so that it is not kept for as long as those beside it
  }

  /** Packs values of the world that it is used in. */
  static final class CrossingPacker implements Packer {
    private final List<Crossing> values = new ArrayList<>();
    private int bytes;

    @Override
    public void add(@Nullable Object value) {
      try {
        Crossing crossing = Crossing.of(value, CurrentClasses.get());
        values.add(crossing);
        bytes += crossing.length();
      } catch (NotEncodableException e) {
        throw new TaskNotSerializableException(String.valueOf(e.getMessage()), e);
      }
    }

    @Override
    public int bytes() {
      return bytes;
    }

    @Override
    public Parcel take() {
      CrossingParcel parcel = new CrossingParcel(values.toArray(Crossing[]::new), World.current());
      values.clear();
      bytes = 0;
      return parcel;
    }
  }
}
