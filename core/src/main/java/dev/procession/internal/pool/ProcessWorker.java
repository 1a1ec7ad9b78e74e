package dev.procession.internal.pool;

import dev.procession.ProcessStartException;
import dev.procession.RunningTask;
import dev.procession.WorkerMemory;
import dev.procession.WorkerStats;
import dev.procession.internal.channel.Abandoned;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.launch.Bodies;
import dev.procession.internal.launch.ChunkLayout;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.ParentLink;
import dev.procession.internal.launch.WorkerExit;
import dev.procession.internal.launch.WorkerListener;
import dev.procession.internal.launch.WorkerProcess;
import dev.procession.internal.os.Os;
import dev.procession.internal.os.SystemThreads;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A worker that is a JVM on this machine. */
final class ProcessWorker implements Worker, WorkerListener {
  /** Looking takes some 50 microseconds. */
  private static final long RESIDENT_NANOS = 20_000_000;

  /** Looking at all processes, and a system call for each. */
  private static final long KILL_SECONDS = 5;

  private final WorkerProcess process;
  private final String name;
  private final Events events;
  private final Outcome.Reader outcomes = new Outcome.Reader();
  private final long started = System.nanoTime();
  private volatile long ended;
  private volatile boolean isLate;
  private volatile long peakMemory = -1;

  /** When its memory was looked at last; threads that race look twice. */
  private volatile long residentSeen = System.nanoTime() - RESIDENT_NANOS;

  private volatile long resident = -1;

  /** Chunks that it has, by number. Guarded by this: its answer may come before give returns. */
  private final Map<Long, Given> given = new HashMap<>();

  /** Functions that the worker has been told. Guarded by this. */
  private final Set<Long> functions = new HashSet<>();

  /** Ends it and what it has started, if somebody does. */
  private volatile @Nullable Future<?> killing;

  private volatile Consumer<String> traceAnswer = text -> {};

  /** The chunk of the last outcome, for the reader. */
  private @Nullable Given current;

  private record Given(Chunk chunk, ChunkLayout layout) {}

  ProcessWorker(WorkerProcess process, String name, Events events) {
    this.process = process;
    this.name = name;
    this.events = events;
  }

  /** Begins to hear the process, and tells when it is ready. */
  void listen() {
    process.listen(this);
    var late = Timer.after(process.spec().startTimeout().toNanos(), this::endIfLate);
    var _ =
        process
            .ready()
            .whenComplete(
                (_, failure) -> {
                  late.cancel(false);
                  if (failure == null) {
                    events.ready(this);
                  }
                });
  }

  private void endIfLate() {
    if (!process.ready().isDone()) {
      isLate = true;
      process.kill();
    }
  }

  @Override
  public Object key() {
    return process.pid();
  }

  @Override
  public synchronized boolean give(Chunk chunk) {
    Job job = chunk.job();
    List<ParentLink.Run> runs = new ArrayList<>();
    for (Piece piece : chunk.pieces()) {
      Frames frames = frames(piece.parcel());
      if (!process.link().define(frames.shapes())) {
        return false;
      }
      runs.add(new ParentLink.Run(frames, piece.from(), piece.to()));
    }
    if (!teach(job)) {
      return false;
    }
    ChunkLayout layout =
        process
            .link()
            .sendChunk(
                chunk.number(),
                job.number(),
                job.operation(),
                job.prompt(),
                job.isSupervised(),
                runs);
    if (layout == null) {
      return false;
    }
    given.put(chunk.number(), new Given(chunk, layout));
    process.expect(true);
    return true;
  }

  @Override
  public void deliver() {
    process.link().deliver();
  }

  private static Frames frames(Parcel parcel) {
    return ((FrameParcel) parcel).frames(); // as its kind packs them
  }

  private boolean teach(Job job) {
    Parcel parcel = job.function();
    if (parcel == null || functions.contains(job.number())) {
      return true;
    }
    Frames function = frames(parcel);
    boolean taught =
        process.link().define(function.shapes())
            && process.link().send(Message.FUNCTION, Bodies.function(job.number(), function));
    if (taught) {
      functions.add(job.number());
    }
    return taught;
  }

  @Override
  public void forget(Job job) {
    boolean known;
    synchronized (this) {
      known = functions.remove(job.number());
    }
    if (known) {
      // without room it keeps the function until it ends, which costs a little memory there
      boolean _ = process.link().send(Message.FORGET, Bodies.forget(job.number()));
    }
  }

  private synchronized @Nullable Given find(long number) {
    return given.get(number);
  }

  private synchronized void remove(long number) {
    given.remove(number);
    process.expect(!given.isEmpty());
  }

  @Override
  public int takeBack(Chunk chunk, int limit) {
    Given found = find(chunk.number());
    return found == null ? -1 : process.link().takeBack(found.layout(), limit);
  }

  @Override
  public int begun(Chunk chunk) {
    Given found = find(chunk.number());
    int claimed = found == null ? -1 : process.link().claimed(found.layout());
    return claimed < 0 ? chunk.end() : claimed;
  }

  @Override
  public @Nullable Running running(Chunk chunk) {
    Given found = find(chunk.number());
    ParentLink.Running running = found == null ? null : process.link().running(found.layout());
    return running == null
        ? null
        : new Running(
            running.item(), running.nanos(), running.quietNanos(), running.done(), running.total());
  }

  @Override
  public void interrupt(Chunk chunk, int item) {
    Given found = find(chunk.number());
    if (found != null) {
      process.link().interrupt(found.layout(), item);
    }
  }

  @Override
  public void trace(Consumer<String> answer) {
    traceAnswer = answer;
    process.link().askTrace();
  }

  @Override
  public void allowSpinning(boolean allowed) {
    process.link().allowSpinning(allowed);
  }

  @Override
  public void finish() {
    if (!process.link().send(Message.END, new byte[0])) {
      process.terminate(); // there is no room only if it is gone, or stopped with a full ring
    }
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void killWithDescendants() {
    try {
      killing = SystemThreads.submit(process::killWithDescendants); // looks at all there are
    } catch (OutOfMemoryError e) {
      process.kill(); // there is no room for a thread
    }
  }

  @Override
  public long residentMemory() {
    long now = System.nanoTime();
    if (now - residentSeen >= RESIDENT_NANOS) {
      residentSeen = now;
      resident = Os.current().residentMemory(process.pid());
    }
    return resident;
  }

  @Override
  public boolean isGone() {
    return ended != 0;
  }

  @Override
  public WorkerStats stats(@Nullable RunningTask runningTask) {
    ParentLink.Counters counters = process.link().counters();
    boolean alive = ended == 0;
    if (alive) {
      peakMemory = Math.max(peakMemory, Os.current().peakMemory(process.pid()));
    } else if (counters.peakMemory() > 0) {
      peakMemory = Math.max(peakMemory, counters.peakMemory());
    }
    long age = (alive ? System.nanoTime() : ended) - started;
    return new WorkerStats(
        name,
        process.pid(),
        alive,
        counters.items(),
        Duration.ofNanos(counters.busyNanos()),
        Duration.ofNanos(age),
        Optional.ofNullable(runningTask),
        new WorkerMemory(
            alive ? residentMemory() : -1,
            peakMemory,
            counters.heap() == 0 ? -1 : counters.heap(),
            Duration.ofNanos(counters.gcNanos())));
  }

  // what the process says

  @Override
  public void received(int type, ByteBuffer body) {
    if (type == Message.CHUNK_END) {
      chunkEnded(body);
      return;
    }
    if (type == Message.TRACE) {
      traceAnswer.accept(StandardCharsets.UTF_8.decode(body).toString());
      return;
    }
    Outcome outcome = outcomes.take(type, body);
    if (outcome == null) {
      return;
    }
    Given found = current;
    if (found == null || found.chunk().number() != outcome.chunk()) {
      found = find(outcome.chunk());
      current = found;
    }
    if (found != null) {
      found.chunk().take(outcome);
    } else {
      outcome.discard(); // it is of a rehearsal
    }
  }

  @Override
  public void receivedAll() {
    Given last = current;
    if (last != null) {
      last.chunk().show();
    }
  }

  private void chunkEnded(ByteBuffer body) {
    long number = body.getLong();
    int items = body.getInt();
    long nanos = body.getLong();
    Given found = find(number);
    if (found != null) {
      found.chunk().show();
      events.ended(this, found.chunk(), items, nanos);
      remove(number);
      current = null; // it is not held until the next one
    }
  }

  @Override
  public void exited(WorkerExit exit) {
    awaitKilling();
    ended = System.nanoTime();
    ProcessStartException startFailure =
        process.ready().isDone()
            ? null
            : new ProcessStartException(
                isLate ? process.notReadyInTime() : process.diedBeforeReady(exit), null);
    events.gone(
        this,
        startFailure,
        (task, execution, ranFor) -> Outcome.died(exit, task, execution, ranFor));
    synchronized (this) {
      given.clear(); // it is remembered for a while, with nothing of its tasks
    }
    current = null;
    traceAnswer = text -> {};
    Abandoned.sweepLater();
  }

  /** Who hears that it is gone may take what it had started to be gone, too. */
  private void awaitKilling() {
    Future<?> its = killing;
    if (its != null) {
      try {
        its.get(KILL_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        return; // nobody can do more
      }
    }
  }
}
