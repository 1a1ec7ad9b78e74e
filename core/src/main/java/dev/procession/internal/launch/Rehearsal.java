package dev.procession.internal.launch;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableFunction;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.os.Os;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sample work that makes a worker load and link what nearly every worker needs: for one that waits
 * as standby, and for one whose classes are recorded for an {@link AotCache}.
 */
final class Rehearsal {
  /** Chunks with this number are nobody's; their results are thrown away. */
  private static final long CHUNK = -1;

  private static final long FUNCTION = -1;

  private Rehearsal() {}

  record Sample(String text, int number) {}

  private static SerializableCallable<Object> call() {
    int base = 3;
    return () -> {
      try {
        // looking for a class that is nowhere opens every jar of the class path
        Class<?> _ = Class.forName("procession.Nowhere", false, ClassLoader.getSystemClassLoader());
      } catch (ClassNotFoundException e) {
        // as expected
      }
      try (Arena arena = Arena.ofConfined()) { // what locks, queues and pipes sleep with
        Os.current().wordWait().wake(arena.allocate(Integer.BYTES, Integer.BYTES), 0, 1);
      }
      return List.of(base, "text", 2.5, Map.of("key", 1L));
    };
  }

  /** Has a worker end with a process of its own that does sample work. */
  static void sendLast(WorkerProcess worker) {
    Frames name = frames(List.of("rehearsal"));
    Frames code = frames(List.of(call()));
    boolean _ =
        worker.link().define(code.shapes())
            && worker.link().send(Message.PROCESS, Bodies.process(name, code));
  }

  /** Has a worker do the sample work. What it answers is ignored by every listener. */
  static void send(WorkerProcess worker) {
    SerializableCallable<Object> call = call();
    SerializableFunction<Object, Object> function = value -> value;
    Frames calls = frames(List.of(call, call));
    Frames values =
        frames(
            List.of(
                1,
                2L,
                "text",
                new Sample("text", 1),
                new ArrayList<>(List.of(1, 2)),
                new IllegalStateException("sample"),
                new int[] {1},
                Map.entry("key", 1)));
    Frames functions = frames(List.of(function));
    boolean defined =
        worker.link().define(calls.shapes()) && worker.link().define(functions.shapes());
    if (!defined || !worker.link().send(Message.FUNCTION, Bodies.function(FUNCTION, functions))) {
      return; // the worker has ended; that is somebody else's news
    }
    worker
        .link()
        .sendChunk(
            CHUNK,
            0,
            ChunkLayout.CALL,
            true,
            false,
            List.of(new ParentLink.Run(calls, 0, calls.count())));
    worker
        .link()
        .sendChunk(
            CHUNK,
            FUNCTION,
            ChunkLayout.APPLY,
            true,
            false,
            List.of(new ParentLink.Run(values, 0, values.count())));
    boolean _ = worker.link().send(Message.FORGET, Bodies.forget(FUNCTION));
  }

  private static Frames frames(List<?> values) {
    Encoder encoder = new Encoder(ParentClasses.get());
    values.forEach(encoder::add);
    return encoder.take();
  }
}
