package dev.procession.internal.channel;

import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import java.io.InvalidObjectException;
import org.jspecify.annotations.Nullable;

/**
 * A pipe as this process has it.
 *
 * <pre>
 *       0  whether it is duplex                             4 bytes     never changes
 *     128  who holds end 0, see Holders
 *          who holds end 1
 *          lane from end 1 to end 0, see Lane
 *          lane from end 0 to end 1, if it is duplex
 * </pre>
 *
 * Its file is removed when nobody holds either end any more, or its creator ends. Thread-safe.
 */
public final class SharedPipe {
  private static final String WHAT = "channel";
  private static final long DUPLEX = SharedObject.at(0);
  private static final int FIRST_END = 128;
  private static final int FIRST_LANE = FIRST_END + 2 * Holders.SIZE;

  private final SharedObject object;
  private final End[] ends;
  private volatile boolean creator;

  private SharedPipe(SharedObject object) {
    this.object = object;
    Holders[] holders = {
      new Holders(object, SharedObject.at(FIRST_END)),
      new Holders(object, SharedObject.at(FIRST_END + Holders.SIZE))
    };
    PeerWatch first = new PeerWatch(holders[0]);
    PeerWatch second = new PeerWatch(holders[1]);
    Lane forth = new Lane(object, SharedObject.at(FIRST_LANE), second, first);
    Lane back =
        object.words().getInt(DUPLEX) == 0
            ? null
            : new Lane(object, SharedObject.at(FIRST_LANE + Lane.SIZE), first, second);
    this.ends =
        new End[] {new End(0, holders[0], forth, back), new End(1, holders[1], back, forth)};
  }

  /** Creates a pipe, which nobody holds yet. */
  public static SharedPipe create(boolean duplex) {
    int lanes = duplex ? 2 : 1;
    SharedObject object = SharedHandle.create(WHAT, FIRST_LANE + lanes * Lane.SIZE).object();
    object.words().setInt(DUPLEX, duplex ? 1 : 0);
    SharedPipe pipe = object.view(SharedPipe::new);
    pipe.creator = true;
    Abandoned.sweep();
    return pipe;
  }

  /**
   * Attaches to a pipe that has arrived.
   *
   * @throws InvalidObjectException if it is gone, or something else
   */
  public static SharedPipe arrived(String path) throws InvalidObjectException {
    return SharedHandle.arrived(WHAT, path).object().view(SharedPipe::new);
  }

  public String path() {
    return object.path().toString();
  }

  /** Removes the file if nobody holds either end any more. */
  boolean unlinkIfUnheld() {
    if (ends[0].holders.isHeldByLiving() || ends[1].holders.isHeldByLiving()) {
      return false;
    }
    object.unlink();
    return true;
  }

  /** One of its ends. End 0 can receive; if the pipe is not duplex, it cannot send. */
  public End end(int index) {
    return ends[index];
  }

  /** An end, which this process holds as long as a part of it does. */
  public final class End {
    private final int index;
    private final Holders holders;
    private final @Nullable Lane in;
    private final @Nullable Lane out;

    /**
     * How many parts of this process hold it, and the slot of this process then. Guarded by ends.
     */
    private int count;

    private int slot;

    private End(int index, Holders holders, @Nullable Lane in, @Nullable Lane out) {
      this.index = index;
      this.holders = holders;
      this.in = in;
      this.out = out;
    }

    public SharedPipe pipe() {
      return SharedPipe.this;
    }

    public int index() {
      return index;
    }

    @Nullable Lane in() {
      return in;
    }

    @Nullable Lane out() {
      return out;
    }

    Holders holders() {
      return holders;
    }

    void hold() {
      synchronized (ends) {
        if (count == 0) {
          slot = holders.enter();
          Abandoned.remove(SharedPipe.this);
        }
        count++;
      }
    }

    void release() {
      synchronized (ends) {
        count--;
        if (count > 0) {
          return;
        }
        holders.leave(slot);
        if (ends[1 - index].count == 0 && !unlinkIfUnheld() && creator) {
          Abandoned.add(SharedPipe.this);
        }
      }
      Abandoned.sweep();
    }

    /** Wakes all who wait at either end, as this process has closed a part of this one. */
    void wakeAll() {
      for (Lane lane : new Lane[] {in, out}) {
        if (lane != null) {
          lane.wakeAll();
        }
      }
    }
  }
}
