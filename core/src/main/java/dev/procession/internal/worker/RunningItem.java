package dev.procession.internal.worker;

import dev.procession.internal.launch.CurrentTask;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.WorkerLink;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The item that the main thread runs, for those who may interrupt it: no interrupt that was meant
 * for one item reaches another. For items that are supervised.
 */
final class RunningItem {
  private static final long NONE = -1;

  private final Thread main;
  private final WorkerLink link;

  // guarded by this
  private long chunk = NONE;
  private int item;

  /** When the item began, if it was interrupted and that is known; or 0. */
  private long interruptedSince;

  /** Read without the lock as well. */
  private volatile boolean orphaned;

  RunningItem(Thread main, WorkerLink link) {
    this.main = main;
    this.link = link;
  }

  synchronized void begin(long newChunk, int newItem) {
    beginUnsupervised(newChunk, newItem);
  }

  /** For an item that nobody interrupts, so that it need not be exact for others. */
  @SuppressWarnings("GuardedBy") // as said
  void beginUnsupervised(long newChunk, int newItem) {
    chunk = newChunk;
    item = newItem;
  }

  /** The item that runs now, for itself. */
  synchronized CurrentTask.Progress current() {
    long mine = chunk;
    int number = item;
    return (done, total) -> report(mine, number, done, total);
  }

  private synchronized void report(long itsChunk, int itsItem, long done, long total) {
    if (chunk == itsChunk && item == itsItem) {
      link.progress(done, total);
    }
  }

  /**
   * From now on nobody interrupts the main thread for it; an interrupt that came stays. What one
   * that was interrupted has started ends with it, as it does when a worker is killed.
   */
  void end() {
    long since = closeUnlessInterrupted();
    if (since != 0) {
      StartedProcesses.endThoseSince(since); // before others may take the item to be over
      close();
    }
  }

  private synchronized long closeUnlessInterrupted() {
    if (interruptedSince == 0) {
      close();
    }
    return interruptedSince;
  }

  private synchronized void close() {
    interruptedSince = 0;
    chunk = NONE;
  }

  /** Interrupts the item that the parent says, if it is still running. */
  @SuppressWarnings("Interruption") // the parent's wish, not ours
  synchronized void interrupt() {
    if (chunk == link.interruptedChunk() && item == link.interruptedItem()) {
      interruptedSince = link.runningSince();
      main.interrupt();
    }
  }

  /** The like for one that nobody interrupts. */
  @SuppressWarnings("GuardedBy") // as said
  void endUnsupervised() {
    chunk = NONE;
  }

  /**
   * The parent is gone: interrupts what runs, whatever it is, and no other item begins.
   *
   * @return whether something runs
   */
  @SuppressWarnings("Interruption") // nobody else is left to wish it
  synchronized boolean orphan() {
    boolean runs = chunk != NONE;
    if (runs && !orphaned) {
      interruptedSince = link.runningSince();
      main.interrupt();
    }
    orphaned = true;
    return runs;
  }

  /** Whether somebody is there for whom an item might be begun. */
  boolean isWanted() {
    return !orphaned;
  }

  /**
   * Tells the parent what the main thread does, and after it the others that are none of ours, from
   * a thread of its own: that may take a while.
   */
  void trace() {
    Thread tracer = new Thread(this::tell, "procession-trace");
    tracer.setDaemon(true);
    tracer.start();
  }

  private void tell() {
    Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
    StringBuilder text = new StringBuilder();
    StackTraceElement[] none = {};
    CurrentTask.write(all.getOrDefault(main, none), text);
    all.forEach(
        (thread, frames) -> {
          if (!thread.equals(main) && isOfTasks(thread)) {
            text.append('"').append(thread.getName()).append("\" ");
            text.append(thread.getState()).append('\n');
            CurrentTask.write(frames, text);
          }
        });
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, Message.LONGEST_TRACE);
    link.send(Message.TRACE, length, (target, offset) -> target.putBytes(offset, bytes, 0, length));
  }

  private boolean isOfTasks(Thread thread) {
    ThreadGroup group = thread.getThreadGroup(); // null of one that has ended
    ThreadGroup ours = main.getThreadGroup();
    boolean isOfJvm = group == null || ours == null || !ours.parentOf(group);
    return !isOfJvm && !thread.getName().startsWith("procession-");
  }
}
