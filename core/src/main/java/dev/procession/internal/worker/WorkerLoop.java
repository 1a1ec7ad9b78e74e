package dev.procession.internal.worker;

import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.LambdaShape;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.launch.ChunkLayout;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.launch.CurrentTask;
import dev.procession.internal.launch.FailureKind;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.Operation;
import dev.procession.internal.launch.Self;
import dev.procession.internal.launch.WorkerLink;
import dev.procession.internal.launch.WorkerScope;
import dev.procession.internal.os.StandardError;
import dev.procession.internal.ring.OneToOneRing;
import dev.procession.internal.segment.SharedBytes;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does what the parent says, one message after the other, in the main thread. */
final class WorkerLoop {
  /** The parent is woken each so many items where it need not be for each. */
  private static final int WAKE_MASK = 255;

  private final WorkerLink link;
  private final RunningItem running;
  private final SharedBytes bytes;
  private final ClassTable classes;
  private final Decoder decoder;
  private final Encoder encoder;
  private final BitSet definedShapes = new BitSet();
  private final Map<Long, Object> functions = new HashMap<>();

  /** Until when the time of the current chunk is counted. */
  private long counted;

  private final MemoryWatch memory;

  /** Of the current chunk. */
  private int lastItem;

  /** Whether tasks can find themselves. */
  private boolean served;

  /** Whether the parent is woken for each item of the current chunk. */
  private boolean prompt = true;

  /** Frames being decoded; grows. */
  private byte[] scratch = new byte[1024];

  WorkerLoop(WorkerLink link, RunningItem running) {
    this.link = link;
    this.running = running;
    this.bytes = link.bytes();
    this.memory = new MemoryWatch(link);
    this.classes = new WorkerClasses(link);
    CurrentClasses.areOfParent(classes);
    this.decoder = new Decoder(classes);
    this.encoder = new Encoder(classes);
  }

  /**
   * Runs until the parent has no more.
   *
   * @throws Throwable what the code of a process has thrown, which then ends like any main
   */
  void run() throws Throwable {
    while (true) {
      OneToOneRing in = link.receive();
      switch (in.type()) {
        case Message.SHAPE -> decoder.define(body(in));
        case Message.FUNCTION -> function(in);
        case Message.FORGET -> functions.remove(bytes.getLong(in.body()));
        case Message.CHUNK -> chunk(link.chunk(), in.body(), in.length());
        case Message.PROCESS -> {
          process(in);
          return;
        }
        case Message.END -> {
          WorkerScope.current().end();
          return;
        }
        default -> throw new IllegalStateException("unknown message: type=" + in.type());
      }
      link.release();
    }
  }

  private byte[] body(OneToOneRing in) {
    byte[] body = new byte[in.length()];
    bytes.getBytes(in.body(), body, 0, body.length);
    return body;
  }

  // chunks

  private void function(OneToOneRing in) {
    long number = bytes.getLong(in.body());
    int length = in.length() - Long.BYTES;
    load(in.body() + Long.BYTES, length);
    Object function;
    try {
      function = decoder.decode(scratch, 0, length, false);
    } catch (NotDecodableException e) {
      function = e; // each item that needs it says so
    }
    functions.put(number, function == null ? new NullPointerException("function") : function);
  }

  private void chunk(ChunkLayout chunk, int body, int length) {
    if (!served) {
      served = true; // not earlier, as the link of a first method is slow
      CurrentTask.serve(running::current);
    }
    long start = System.nanoTime();
    counted = start;
    Operation operation = Operation.of(chunk.operation(), functions.get(chunk.function()));
    int count = chunk.count();
    lastItem = count - 1;
    prompt = chunk.prompt();
    boolean supervised = chunk.supervised();
    load(body + ChunkLayout.ITEMS, length - ChunkLayout.ITEMS);
    int offset = 0;
    int item = 0;
    while (item < count && begin(chunk, item, supervised)) {
      int frame = Frames.length(scratch, offset);
      item(chunk.number(), item, operation, supervised, offset, frame);
      offset += frame;
      item++;
    }
    end(supervised); // also of one that was taken back at the last moment
    if (supervised) {
      link.itemEnded();
    } else {
      running.endUnsupervised();
    }
    countTime();
    long nanos = System.nanoTime() - start;
    int claimed = item;
    link.send(
        Message.CHUNK_END,
        2 * Long.BYTES + Integer.BYTES,
        (target, at) -> {
          target.putLong(at, chunk.number());
          target.putInt(at + Long.BYTES, claimed);
          target.putLong(at + Long.BYTES + Integer.BYTES, nanos);
        });
  }

  private boolean begin(ChunkLayout chunk, int item, boolean supervised) {
    end(supervised); // also of one that could not be decoded
    if (supervised) {
      link.itemBegins();
      running.begin(chunk.number(), item);
    } else {
      running.beginUnsupervised(chunk.number(), item);
    }
    return running.isWanted() && chunk.claim(item);
  }

  /**
   * From now on nobody interrupts for an item; an interrupt that has come was meant for that only,
   * also one by the item itself.
   */
  private void end(boolean supervised) {
    if (supervised) {
      running.end();
    }
    boolean _ = Thread.interrupted(); // mostly reads a field
  }

  private void countTime() {
    long now = System.nanoTime();
    link.countTime(now - counted);
    counted = now;
    memory.look(now);
  }

  private void load(int offset, int length) {
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    bytes.getBytes(offset, scratch, 0, length);
  }

  private void item(
      long chunk, int item, Operation operation, boolean supervised, int offset, int length) {
    Object argument;
    try {
      argument = decoder.decode(scratch, offset, length, false);
    } catch (Throwable e) {
      failed(chunk, item, FailureKind.NOT_DECODABLE, e);
      return;
    }
    Object result;
    try {
      result = operation.apply(argument);
    } catch (Throwable e) {
      failed(chunk, item, operation.kindOf(e), e);
      return;
    } finally {
      CurrentTask.ends();
      end(supervised);
      link.countItem();
      if (item == lastItem) {
        countTime(); // before its outcome is told, so that whoever has that finds it counted
      }
    }
    succeeded(chunk, item, result);
  }

  private void succeeded(long chunk, int item, @Nullable Object result) {
    try {
      encoder.add(result);
    } catch (Throwable e) {
      failed(chunk, item, FailureKind.RESULT_NOT_ENCODABLE, e);
      return;
    }
    define(encoder.shapes());
    int length = encoder.length();
    tell(
        item,
        Message.VALUE,
        Long.BYTES + Integer.BYTES + length,
        (target, at) -> {
          target.putLong(at, chunk);
          target.putInt(at + Long.BYTES, item);
          target.putBytes(at + Long.BYTES + Integer.BYTES, encoder.array(), 0, length);
        });
    encoder.reset();
  }

  private void failed(long chunk, int item, FailureKind kind, Throwable failure) {
    encoder.reset();
    encode(FailureForm.of(failure, classes));
    int length = encoder.length();
    tell(
        item,
        Message.FAILURE,
        Long.BYTES + 2 * Integer.BYTES + length,
        (target, at) -> {
          target.putLong(at, chunk);
          target.putInt(at + Long.BYTES, item);
          target.putInt(at + Long.BYTES + Integer.BYTES, kind.code());
          target.putBytes(at + Long.BYTES + 2 * Integer.BYTES, encoder.array(), 0, length);
        });
    encoder.reset();
  }

  private void encode(FailureForm failure) {
    try {
      encoder.add(failure);
    } catch (RuntimeException | Error e) {
      encoder.add(failure.brief()); // there is no memory, or no shared memory, for all of it
    }
  }

  private void tell(int item, int type, int length, WorkerLink.Body body) {
    if (prompt || (item & WAKE_MASK) == WAKE_MASK) {
      link.send(type, length, body);
    } else {
      link.post(type, length, body);
    }
  }

  private void define(List<LambdaShape> shapes) {
    for (LambdaShape shape : shapes) {
      if (!definedShapes.get(shape.number())) {
        definedShapes.set(shape.number());
        byte[] definition = shape.definition(classes);
        link.send(
            Message.WORKER_SHAPE,
            definition.length,
            (target, at) -> target.putBytes(at, definition, 0, definition.length));
      }
    }
  }

  // a process of its own

  private void process(OneToOneRing in) throws Throwable {
    int offset = in.body();
    int nameLength = bytes.getInt(offset);
    load(offset + Integer.BYTES, nameLength);
    String name = String.valueOf(decoder.decode(scratch, 0, nameLength, false));
    int rest = in.length() - Integer.BYTES - nameLength;
    load(offset + Integer.BYTES + nameLength, rest);
    link.release();
    Self.become(name);
    Thread.currentThread().setUncaughtExceptionHandler(new LastTrace(name));
    try {
      Object code = decoder.decode(scratch, 0, rest, false);
      link.send(Message.STARTED);
      succeeded(0, 0, Operation.run(code));
    } catch (Throwable e) {
      FailureKind kind =
          e instanceof NotDecodableException ? FailureKind.NOT_DECODABLE : FailureKind.THROWN;
      failed(0, 0, kind, e);
      throw e;
    }
  }

  /**
   * Prints what ended a process to its standard error, as any JVM does, with the process's name.
   */
  private record LastTrace(String name) implements Thread.UncaughtExceptionHandler {
    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
      StandardError.print("Exception in process \"" + name + '"', failure);
    }
  }
}
