package dev.procession.internal.shared;

import dev.procession.internal.segment.SharedWords;
import java.io.IOException;

/**
 * Another process, played by a thread of this one: it sees shared objects through words of its own,
 * in which it is a process that sleeps, and it dies right before one of its stores. From then on it
 * stores nothing, and that process is dead. So a test can stop it at each of its stores in turn,
 * and look what those who live make of it.
 */
public final class Ghost implements AutoCloseable {
  private final Process process;
  private final long word;
  private final int limit;
  private volatile boolean dead;
  private int stores;
  private Runnable beforeLast = () -> {};

  /** What it meets instead of its last store. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Death() {
      super("dead before a store");
    }
  }

  /** What it does. */
  public interface Life {
    void live() throws Exception;
  }

  private Ghost(Process process, long word, int limit) {
    this.process = process;
    this.word = word;
    this.limit = limit;
  }

  /** One that dies before a store: 0 is its first. */
  public static Ghost dyingBefore(int store) throws IOException {
    Process process = new ProcessBuilder("sleep", "1000").start();
    return new Ghost(process, Participant.of(process.pid()), store);
  }

  /** One that does not die; it is this process, and does something before a store. */
  public static Ghost pausingBefore(int store, Runnable action) throws IOException {
    Ghost ghost = new Ghost(new ProcessBuilder("true").start(), Participant.me(), store);
    ghost.beforeLast = action;
    return ghost;
  }

  /** Its view of an object; a handle of its own. */
  public SharedHandle view(SharedHandle handle) {
    SharedObject object = handle.object();
    SharedObject seen = new SharedObject(object.path(), new Words(object.words()));
    return new SharedHandle(seen, "view", false);
  }

  /** Lives until it dies; false if it has done all it had to do. Its process ends either way. */
  public boolean dies(Life life) throws Exception {
    try {
      life.live();
      return false;
    } catch (Death e) {
      return true;
    } finally {
      close();
    }
  }

  /** How many stores it has done. */
  public int stores() {
    return stores;
  }

  private synchronized void store() {
    requireAlive();
    if (stores == limit) {
      if (word != Participant.me()) {
        dead = true;
        throw new Death();
      }
      beforeLast.run();
    }
    stores++;
  }

  /** Who is dead does nothing more: what its code does in the end must not wait for others. */
  private void requireAlive() {
    if (dead) {
      throw new Death();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private final class Words extends SharedWords {
    Words(SharedWords words) {
      super(words.memory());
    }

    /** To it, it is this process, and this process is the other one. */
    private long swap(long value) {
      long participant = value & ~Participant.FLAG;
      long flag = value & Participant.FLAG;
      if (participant == Participant.me()) {
        return word | flag;
      }
      return participant == word ? Participant.me() | flag : value;
    }

    @Override
    public int getInt(long offset) {
      requireAlive();
      return super.getInt(offset);
    }

    @Override
    public long getLong(long offset) {
      requireAlive();
      return swap(super.getLong(offset));
    }

    @Override
    public void setInt(long offset, int value) {
      store();
      super.setInt(offset, value);
    }

    @Override
    public void setIntRelease(long offset, int value) {
      store();
      super.setIntRelease(offset, value);
    }

    @Override
    public boolean compareAndSetInt(long offset, int expected, int value) {
      if (super.getInt(offset) != expected) {
        return false; // stores nothing
      }
      store();
      return super.compareAndSetInt(offset, expected, value);
    }

    @Override
    public void setLong(long offset, long value) {
      store();
      super.setLong(offset, swap(value));
    }

    @Override
    public void setLongRelease(long offset, long value) {
      store();
      super.setLongRelease(offset, swap(value));
    }

    @Override
    public boolean compareAndSetLong(long offset, long expected, long value) {
      if (super.getLong(offset) != swap(expected)) {
        return false; // stores nothing
      }
      store();
      return super.compareAndSetLong(offset, swap(expected), swap(value));
    }

    @Override
    public long getAndSetLong(long offset, long value) {
      store();
      return swap(super.getAndSetLong(offset, swap(value)));
    }

    @Override
    public long getAndAddLong(long offset, long added) {
      store();
      return super.getAndAddLong(offset, added);
    }
  }
}
