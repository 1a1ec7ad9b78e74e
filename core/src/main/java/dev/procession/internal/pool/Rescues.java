package dev.procession.internal.pool;

import dev.procession.OutOfMemoryPolicy;
import dev.procession.ProcessStartException;
import dev.procession.internal.launch.HeapSize;
import dev.procession.internal.os.StandardError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Items that have run out of memory and are run again, each by a worker that comes for it, one
 * after the other, but for those that wait for others. Guarded by the lock of its {@link
 * Scheduler}.
 *
 * <pre>
 *   waiting ──its turn, and nothing else runs if it is to be alone──► due ──its worker takes it──► given
 * </pre>
 */
final class Rescues {
  /** How long it is waited for that nothing else runs. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** An item; each is itself. */
  static final class Rescue {
    private final Piece item;
    private final Outcome failed;
    private final boolean alone;
    private boolean due;
    private boolean given;

    private Rescue(Piece item, Outcome failed, boolean alone) {
      this.item = item;
      this.failed = failed;
      this.alone = alone;
    }

    Piece item() {
      return item;
    }

    /** The heap that its worker is to have, or null for what all have. */
    @Nullable String maxHeap() {
      return maxHeapFor(item);
    }
  }

  private final Staff staff;
  private final Dispatcher work;
  private final Alarm patience;
  private final Deque<Rescue> waiting = new ArrayDeque<>();
  private @Nullable Rescue current;
  private boolean isLate;

  Rescues(Staff staff, Dispatcher work, Dispatcher.Later later) {
    this.staff = staff;
    this.work = work;
    this.patience = new Alarm(later, () -> isLate = true);
  }

  private static @Nullable String maxHeapFor(Piece item) {
    return item.job().tasks().outOfMemory() instanceof OutOfMemoryPolicy.RetryWithMaxHeap larger
        ? larger.maxHeap()
        : null;
  }

  /** Puts an item behind those that wait. */
  void add(Piece item, Outcome failed) {
    String maxHeap = maxHeapFor(item);
    boolean fits = maxHeap != null && staff.hasRoomBeside(HeapSize.bytes(maxHeap));
    waiting.add(new Rescue(item.rescued(), failed, !fits));
  }

  /** That for which a worker is to be started now, told once; or null. */
  @Nullable Rescue due() {
    if (!waiting.isEmpty() && isNextsTurn()) {
      begin(waiting.remove());
    }
    Rescue next = current;
    if (next == null || next.due || (next.alone && !work.isIdle() && !isLate)) {
      return null;
    }
    next.due = true;
    return next;
  }

  /** Whether none is under way that does not wait for others. */
  private boolean isNextsTurn() {
    Rescue its = current;
    return its == null || (its.given && work.isRescuerHeldUp());
  }

  private void begin(Rescue next) {
    current = next;
    isLate = false;
    if (next.alone) {
      work.pause();
      patience.setIn(QUIET_NANOS);
    }
  }

  /** Its worker takes it; false if it is over. */
  @SuppressWarnings("ReferenceEquality") // a rescue is itself
  boolean give(Rescue rescue) {
    if (current != rescue || rescue.given) {
      return false;
    }
    rescue.given = true;
    return true;
  }

  /**
   * Its worker is gone, or will be, or never came. Idempotent.
   *
   * @param why it never came, or null
   */
  @SuppressWarnings("ReferenceEquality") // a rescue is itself
  void over(Rescue rescue, @Nullable ProcessStartException why) {
    if (current == rescue) {
      if (!rescue.given) {
        fail(rescue, why);
      }
      current = null;
      patience.stop();
      work.resume();
    }
  }

  /** It fails as it had. */
  private static void fail(Rescue rescue, @Nullable ProcessStartException why) {
    if (why != null) { // its own failure cannot say so: those that the JVM makes suppress nothing
      StandardError.print("A worker with a larger heap cannot be started:", why);
    }
    rescue.item.end(0, rescue.failed);
    rescue.item.work().show();
  }

  boolean isEmpty() {
    return current == null && waiting.isEmpty();
  }

  /** Takes the items that no worker has. */
  List<Piece> drain() {
    List<Piece> items = new ArrayList<>();
    Rescue next = current;
    if (next != null && !next.given) {
      next.given = true;
      over(next, null);
      items.add(next.item);
    }
    waiting.forEach(rescue -> items.add(rescue.item));
    waiting.clear();
    return items;
  }
}
