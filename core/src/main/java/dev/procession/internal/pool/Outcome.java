package dev.procession.internal.pool;

import dev.procession.ExitStatus;
import dev.procession.RemoteException;
import dev.procession.ResultNotSerializableException;
import dev.procession.TaskNotLoadableException;
import dev.procession.WorkerDiedException;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.launch.FailureKind;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.ParentClasses;
import dev.procession.internal.launch.WorkerExit;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How an item ended.
 *
 * @param chunk the item was in
 * @param item its index there
 * @param value that it returned, if it did not fail
 * @param failure why it failed, or null
 */
public record Outcome(long chunk, int item, @Nullable Object value, @Nullable Throwable failure) {

  /** The failure of whatever a worker was running when it ended. */
  public static WorkerDiedException died(WorkerExit exit, String task) {
    return new WorkerDiedException(exit.pid(), status(exit), task, exit.errorTail());
  }

  /** How a worker ended, as users see it. */
  public static ExitStatus status(WorkerExit exit) {
    int signal = exit.signal();
    return signal == 0 ? new ExitStatus(exit.code(), false) : new ExitStatus(signal, true);
  }

  /** Reads outcomes from the messages of one worker; for its reader thread. */
  public static final class Reader {
    private final Decoder decoder = new Decoder(ParentClasses.get());

    /** The outcome in a message, or null if it has none. */
    public @Nullable Outcome read(int type, ByteBuffer body) {
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
      try {
        return new Outcome(chunk, item, decode(body), null);
      } catch (NotDecodableException | OutOfMemoryError e) {
        String message = "result cannot be read in this process: " + e.getMessage();
        return new Outcome(chunk, item, null, new ResultNotSerializableException(message, e));
      }
    }

    private Outcome failure(ByteBuffer body) {
      long chunk = body.getLong();
      int item = body.getInt();
      FailureKind kind = FailureKind.at(body.getInt());
      FailureForm form = (FailureForm) decode(body);
      return new Outcome(chunk, item, null, form == null ? null : throwable(kind, form));
    }

    @SuppressWarnings("ByteBufferBackingArray") // as WorkerListener says
    private @Nullable Object decode(ByteBuffer body) {
      return decoder.decode(body.array(), body.position(), body.remaining(), true);
    }

    private static Throwable throwable(FailureKind kind, FailureForm form) {
      Throwable rebuilt = form.rebuild(ParentClasses.get());
      Throwable cause =
          rebuilt != null
              ? rebuilt
              : new RemoteException(form.type(), form.message(), form.trace());
      return switch (kind) {
        case THROWN -> cause;
        case NOT_DECODABLE ->
            new TaskNotLoadableException(
                "task cannot be read in its worker: " + form.message(), cause);
        case RESULT_NOT_ENCODABLE ->
            new ResultNotSerializableException(
                "result of a task cannot travel: " + form.message(), cause);
      };
    }
  }
}
