package dev.procession.internal.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Standard output and error of a worker: carries them where its spec says, keeps the last. */
final class WorkerOutput {
  /** What a worker prints is kept up to this many bytes. */
  private static final int ERROR_TAIL = 8 * 1024;

  private static final int CAPTURED = 1024 * 1024;

  /** How long to wait for the last output of a worker whose children may hold its streams open. */
  private static final int LAST_OUTPUT_MILLIS = 500;

  private final @Nullable StreamPump out;
  private final StreamPump error;

  private WorkerOutput(@Nullable StreamPump out, StreamPump error) {
    this.out = out;
    this.error = error;
  }

  /** Sets what the operating system does with standard output by itself. */
  static void redirect(ProcessBuilder builder, LaunchSpec.OutputMode mode) {
    switch (mode) {
      case INHERITED -> builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      case DISCARDED -> builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      case PREFIXED, CAPTURED -> {}
    }
  }

  /**
   * Carries what goes through this process.
   *
   * @param name of the worker, which may change
   * @param threads starts a thread: what it is for, and what it does
   */
  static WorkerOutput carry(
      Process process,
      LaunchSpec.OutputMode mode,
      Supplier<String> name,
      BiConsumer<String, Runnable> threads) {
    InputStream out = process.getInputStream();
    InputStream error = process.getErrorStream();
    OutputStream nowhere = OutputStream.nullOutputStream();
    OutputStream ourError = new FileOutputStream(FileDescriptor.err);
    Supplier<String> none = () -> "";
    Supplier<String> prefix = () -> "[" + name.get() + "] ";
    WorkerOutput carried =
        switch (mode) {
          case INHERITED ->
              new WorkerOutput(null, new StreamPump(error, ourError, none, ERROR_TAIL));
          case DISCARDED ->
              new WorkerOutput(null, new StreamPump(error, nowhere, none, ERROR_TAIL));
          case PREFIXED ->
              new WorkerOutput(
                  new StreamPump(out, new FileOutputStream(FileDescriptor.out), prefix, ERROR_TAIL),
                  new StreamPump(error, ourError, prefix, ERROR_TAIL));
          case CAPTURED ->
              new WorkerOutput(
                  new StreamPump(out, nowhere, none, CAPTURED),
                  new StreamPump(error, nowhere, none, CAPTURED));
        };
    if (carried.out != null) {
      threads.accept("out", carried.out);
    }
    threads.accept("error", carried.error);
    return carried;
  }

  /** Waits for the last of it, once the worker has ended. */
  void awaitEnd() {
    try {
      if (out != null) {
        out.awaitEnd(LAST_OUTPUT_MILLIS);
      }
      error.awaitEnd(LAST_OUTPUT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last of its standard output, if that goes through this process. */
  String outputTail() {
    return out == null ? "" : out.tail();
  }

  /** The last of its standard error. */
  String errorTail() {
    return error.tail();
  }
}
