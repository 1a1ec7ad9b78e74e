package dev.procession.internal.pool;

import dev.procession.Execution;
import dev.procession.ExitStatus;
import dev.procession.RemoteException;
import dev.procession.ResultNotSerializableException;
import dev.procession.TaskNotLoadableException;
import dev.procession.WorkerDiedException;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.launch.CrashLog;
import dev.procession.internal.launch.FailureKind;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.ParentClasses;
import dev.procession.internal.launch.WorkerExit;
import dev.procession.internal.os.FailureText;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an item ended. What its worker told is read in two steps: a reader takes it out of the ring,
 * and whoever wants it {@link #read}s it, as that may run code of the classes of users.
 *
 * @param chunk the item was in
 * @param item its index there
 * @param value that it returned, if it did not fail and was read
 * @param failure why it failed, or null
 * @param unread what is still to be read, or null
 */
public record Outcome(
    long chunk,
    int item,
    @Nullable Object value,
    @Nullable Throwable failure,
    @Nullable Unread unread) {

  /** What a worker told of an item. */
  private sealed interface Unread {
    Outcome read(Outcome outcome);

    Decoder.Later frame();
  }

  /** The outcome of an item that has failed without its worker telling so. */
  static Outcome failed(Throwable failure) {
    return new Outcome(0, 0, null, failure, null);
  }

  private Outcome withValue(@Nullable Object read) {
    return new Outcome(chunk, item, read, null, null);
  }

  private Outcome withFailure(Throwable read) {
    return new Outcome(chunk, item, null, read, null);
  }

  /** The outcome with what it was; once, in a thread that may run code of users. */
  public Outcome read() {
    if (unread == null) {
      return this;
    }
    try {
      return unread.read(this);
    } finally {
      discard();
    }
  }

  /** The value of one that was read; throws what the item has thrown. */
  @Nullable Object valueOrThrow() {
    if (failure != null) {
      throw Gathered.unchecked(failure);
    }
    return value;
  }

  /** Whether the item has failed, as far as its worker knows. */
  boolean isFailure() {
    return failure != null || unread instanceof UnreadFailure;
  }

  /** Whether {@link #read} has something to do. */
  boolean isUnread() {
    return unread != null;
  }

  /** Nobody will read it. */
  void discard() {
    if (unread != null) {
      unread.frame().discard();
    }
  }

  /**
   * The failure of whatever a worker was running when it ended.
   *
   * @param ranFor how long it ran, or null if that is not known
   */
  public static WorkerDiedException died(
      WorkerExit exit, String task, Execution execution, @Nullable Duration ranFor) {
    CrashLog log = exit.crashLog();
    ExitStatus status = status(exit);
    WorkerDiedException.Death death =
        new WorkerDiedException.Death(
            exit.pid(),
            status,
            log == null || log.summary().isEmpty() ? likely(exit, status) : log.summary(),
            exit.outOfMemory(),
            log == null ? null : log.path(),
            exit.errorTail());
    return new WorkerDiedException(death, task, execution, ranFor);
  }

  private static String likely(WorkerExit exit, ExitStatus status) {
    return switch (status.signalName().orElse("")) {
      case "KILL" ->
          exit.killedForMemory()
              ? "Killed by the kernel for want of memory, as it seems: it has killed while this"
                  + " ran."
              : "Killed by somebody.";
      case "SEGV", "ABRT", "BUS", "ILL", "FPE" -> "Likely a crash in native code.";
      default -> "";
    };
  }

  /** How a worker ended, as users see it. */
  public static ExitStatus status(WorkerExit exit) {
    int signal = exit.signal();
    return signal == 0 ? new ExitStatus(exit.code(), false) : new ExitStatus(signal, true);
  }

  private static ResultNotSerializableException unreadable(Throwable reason) {
    String why =
        reason instanceof NotDecodableException
            ? reason.getMessage()
            : FailureText.description(reason); // it may be the user's
    return new ResultNotSerializableException(
        "result cannot be read in this process: " + why, reason);
  }

  private record UnreadValue(Decoder.Later frame) implements Unread {
    @Override
    public Outcome read(Outcome outcome) {
      try {
        return outcome.withValue(frame.decode());
      } catch (RuntimeException | Error e) {
        return outcome.withFailure(unreadable(e));
      }
    }
  }

  private record UnreadFailure(FailureKind kind, Decoder.Later frame) implements Unread {
    @Override
    public Outcome read(Outcome outcome) {
      try {
        return outcome.withFailure(
            frame.decode() instanceof FailureForm form
                ? throwable(kind, form, form.rebuild(ParentClasses.get()))
                : new IllegalStateException("failure without a form"));
      } catch (RuntimeException | Error e) {
        return outcome.withFailure(unreadable(e));
      }
    }
  }

  /**
   * The failure of an item that its worker tells of.
   *
   * @param rebuilt what it has thrown, or null if that cannot be had here
   */
  static Throwable throwable(FailureKind kind, FailureForm form, @Nullable Throwable rebuilt) {
    Throwable cause = rebuilt != null ? Boundary.mark(rebuilt) : remote(form);
    return switch (kind) {
      case THROWN -> ThrownByTask.mark(cause);
      case NOT_DECODABLE ->
          new TaskNotLoadableException(
              "task cannot be read in its worker: " + form.message(), cause);
      case RESULT_NOT_ENCODABLE ->
          new ResultNotSerializableException(
              "result of a task cannot travel: " + form.message(), cause);
    };
  }

  /** Stands for what cannot be rebuilt; a task that has run out of memory is recognized as such. */
  private static Throwable remote(FailureForm form) {
    RemoteException remote = new RemoteException(form.type(), form.message(), form.trace());
    boolean isOutOfMemory = form.type().equals(OutOfMemoryError.class.getName());
    return isOutOfMemory ? new OutOfMemoryError(form.message()).initCause(remote) : remote;
  }

  /** Takes outcomes from the messages of one worker; for its reader thread. */
  @SuppressWarnings("ByteBufferBackingArray") // as WorkerListener says
  public static final class Reader {
    private final Decoder decoder = new Decoder(ParentClasses.get());

    /** The outcome in a message, or null if it has none. */
    public @Nullable Outcome take(int type, ByteBuffer body) {
      return switch (type) {
        case Message.WORKER_SHAPE -> {
          byte[] definition = new byte[body.remaining()];
          body.get(definition);
          decoder.define(definition);
          yield null;
        }
        case Message.VALUE -> value(body);
        case Message.FAILURE -> failure(body);
        default -> null;
      };
    }

    private Outcome value(ByteBuffer body) {
      long chunk = body.getLong();
      int item = body.getInt();
      byte[] bytes = body.array();
      int start = body.position();
      try {
        if (Frames.isTyped(bytes, start)) {
          Decoder.Later frame = decoder.later(bytes, start, body.remaining());
          return new Outcome(chunk, item, null, null, new UnreadValue(frame));
        }
        Object value = decoder.decode(bytes, start, body.remaining(), true);
        return new Outcome(chunk, item, value, null, null);
      } catch (NotDecodableException | OutOfMemoryError e) {
        return new Outcome(chunk, item, null, unreadable(e), null);
      }
    }

    private Outcome failure(ByteBuffer body) {
      long chunk = body.getLong();
      int item = body.getInt();
      FailureKind kind = FailureKind.at(body.getInt());
      Decoder.Later frame = decoder.later(body.array(), body.position(), body.remaining());
      return new Outcome(chunk, item, null, null, new UnreadFailure(kind, frame));
    }
  }
}
