package dev.procession.internal.shared;

import dev.procession.internal.segment.SharedWords;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What every public type of a shared object has: the object, until it is closed. A handle travels
 * as the path of its file. Thread-safe.
 */
public final class SharedHandle implements AutoCloseable {
  private final SharedObject object;
  private final SharedWords words;
  private final String what;
  private final boolean creator;
  private volatile boolean closed;

  SharedHandle(SharedObject object, String what, boolean creator) {
    this.object = object;
    this.words = object.words();
    this.what = what;
    this.creator = creator;
  }

  /**
   * Creates an object, whose body is all zeros.
   *
   * @param what it is, for its file and for people: up to 8 letters
   * @throws UncheckedIOException when there is no room for it
   */
  public static SharedHandle create(String what, long bodySize) {
    try {
      return new SharedHandle(SharedObject.create(what, bodySize), what, true);
    } catch (IOException e) {
      throw new UncheckedIOException("no room for a shared " + what + ": " + e.getMessage(), e);
    }
  }

  /**
   * Attaches to an object that has arrived.
   *
   * @throws InvalidObjectException if it is gone, or something else
   */
  public static SharedHandle arrived(String what, String path) throws InvalidObjectException {
    try {
      return new SharedHandle(SharedObject.attach(what, Path.of(path)), what, false);
    } catch (NoSuchFileException e) {
      InvalidObjectException gone =
          new InvalidObjectException(
              "shared " + what + " is gone: its creator has closed it, or has ended: file=" + path);
      gone.initCause(e);
      throw gone;
    } catch (IOException e) {
      InvalidObjectException other = new InvalidObjectException(String.valueOf(e.getMessage()));
      other.initCause(e);
      throw other;
    }
  }

  /** The path of its file, for people; also after {@link #close}. */
  public String path() {
    return object.path().toString();
  }

  /**
   * What it travels as: the path of its file, see {@link #arrived}.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public String reference() {
    requireOpen();
    return path();
  }

  /**
   * The object.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public SharedObject object() {
    requireOpen();
    return object;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(what + " is closed: file=" + object.path());
    }
  }

  /** The object's words; fails like {@link #object}. */
  public SharedWords words() {
    requireOpen();
    return words;
  }

  public boolean isClosed() {
    return closed;
  }

  /** Ends this handle, and if it is the creator's, removes the object's file. Idempotent. */
  @Override
  public void close() {
    closed = true;
    if (creator) {
      object.unlink();
    }
  }
}
