package dev.procession.interpreter;

import dev.procession.function.SerializableCallable;
import dev.procession.function.SerializableRunnable;
import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.FailureForm;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.interpreter.Crossing;
import dev.procession.internal.interpreter.Failures;
import dev.procession.internal.interpreter.Runner;
import dev.procession.internal.interpreter.Shell;
import dev.procession.internal.interpreter.World;
import dev.procession.internal.launch.CurrentClasses;
import dev.procession.internal.launch.Operation;
import dev.procession.internal.os.SharedCleaner;
import dev.procession.internal.os.SystemThreads;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An isolated world of classes in this process. In it, the classes of the application, and of the
 * loaders that it uses, are defined anew when they are first used: every static, every singleton,
 * every cache exists once in each interpreter. The classes of the JDK and of this library are the
 * same in all.
 *
 * {@snippet :
 * try (var world = Interpreter.create()) {
 *   int first = world.call(() -> Counter.next()); // 1, whatever the counter is outside
 *   int second = world.call(() -> Counter.next()); // 2
 * }
 * }
 *
 * <p><b>What crosses.</b> Code, what it has captured, results and exceptions: immutable values of
 * the JDK as they are, arrays of primitives as copies, a {@link java.lang.foreign.MemorySegment} as
 * the same memory, an {@link InterpreterQueue} as itself; everything else as a copy of the classes
 * there, if it is {@link java.io.Serializable}, a record, a collection or a lambda of these, as it
 * would travel to another process. What cannot cross is a {@link NotShareableException} that names
 * it.
 *
 * <p><b>Threads.</b> An interpreter has a thread of its own, on which {@link #call} and {@link
 * #exec} run, one at a time; {@link #callInThread} starts others. The context class loader is the
 * interpreter's, by which threads that its code starts are known to be in it. The methods are for
 * any thread, inside or outside of an interpreter.
 *
 * <p><b>What it is not.</b> Nothing protects one interpreter, or what is outside, from a crash in
 * another, or from its use of memory. System properties, standard streams and the rest of the JDK's
 * own state are shared. A native library can be loaded in one only, which {@link
 * dev.procession.Pool#processes} are for. Code that ignores interrupts cannot be ended. Objects of
 * one must reach another through this class only: what is handed over otherwise, as in a static of
 * the JDK, is of classes that only have the same names.
 *
 * <p>An interpreter that nobody refers to any more is closed when it is collected.
 */
public final class Interpreter implements AutoCloseable {
  /** What has created an interpreter. */
  public enum Whence {
    /** The start of the program: the main one, which is what is outside of all others. */
    RUNTIME,

    /** {@link Interpreter#create}. */
    LIBRARY
  }

  private static final String NO_CODE = "code cannot be had in an interpreter";
  private static final ConcurrentSkipListMap<Long, WeakReference<Interpreter>> ALL =
      new ConcurrentSkipListMap<>();

  /** Also keeps it. */
  private static final Interpreter MAIN = new Interpreter(0, "main", null);

  static {
    ALL.put(0L, new WeakReference<>(MAIN));
    Crossing.asItself(Interpreter.class);
  }

  private final long id;
  private final String name;

  /** What it consists of, or null of the main one. */
  private final @Nullable Inside inside;

  private final Cleaner.@Nullable Cleanable closing;

  /** All but the object that users hold, so that it can be closed when that is gone. */
  private static final class Inside {
    private final World world;
    private final Runner runner;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** For its thread, until it is closed. */
    private volatile @Nullable AutoCloseable shell;

    Inside(InterpreterOptions options) {
      this.world = new World(options.name(), options.world());
      this.runner = new Runner(world.name(), world.loader());
    }

    /** The shell, made when it is first used. */
    Shell shell() {
      AutoCloseable known = shell;
      if (known == null) {
        known = new Shell(world);
        shell = known;
      }
      return (Shell) known;
    }

    /** One more thread runs in it. */
    synchronized void begin(Thread thread) {
      if (closed) {
        throw new InterpreterNotFoundException(world.number());
      }
      threads.add(thread);
    }

    /** No more threads begin, if none runs. */
    synchronized boolean endIfAlone() {
      closed = threads.isEmpty();
      return closed;
    }

    /** Waits for the threads that run in it now; an interrupt goes on to all of them. */
    @SuppressWarnings("Interruption") // of who waits for them
    void awaitThreads() {
      boolean interrupted = false;
      for (Thread thread : threads) {
        while (thread.isAlive()) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            interrupted = true;
            threads.forEach(Thread::interrupt);
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      closed = true;
      ALL.remove(world.number());
      runner.end();
      closeShell();
      world.close();
    }

    private void closeShell() {
      AutoCloseable its = shell;
      shell = null;
      try {
        if (its != null) {
          its.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException("a shell cannot be closed", e);
      }
    }
  }

  private Interpreter(long id, String name, @Nullable Inside inside) {
    this.id = id;
    this.name = name;
    this.inside = inside;
    this.closing = inside == null ? null : SharedCleaner.register(this, inside::close);
  }

  /**
   * Creates an interpreter.
   *
   * @return the interpreter, to be closed
   */
  public static Interpreter create() {
    return create(options -> options);
  }

  /**
   * Creates an interpreter.
   *
   * @param options what it is to be like, made of the defaults
   * @return the interpreter, to be closed
   * @throws InterpreterException if its initializer fails; it is closed then
   */
  public static Interpreter create(UnaryOperator<InterpreterOptions> options) {
    InterpreterOptions chosen = options.apply(InterpreterOptions.defaults());
    Inside inside = new Inside(chosen);
    Interpreter created = new Interpreter(inside.world.number(), inside.world.name(), inside);
    ALL.put(created.id, new WeakReference<>(created));
    SerializableRunnable initializer = chosen.initializer();
    if (initializer != null) {
      created.initialize(initializer);
    }
    return created;
  }

  private void initialize(SerializableRunnable initializer) {
    boolean done = false;
    try {
      exec(initializer);
      done = true;
    } catch (InterpreterException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new InterpreterException("initializer of an interpreter failed: " + e, e);
    } finally {
      if (!done) {
        close();
      }
    }
  }

  /**
   * Returns the interpreters that there are, with the main one.
   *
   * @return a snapshot, ordered by id
   */
  public static List<Interpreter> list() {
    List<Interpreter> all = new ArrayList<>();
    for (WeakReference<Interpreter> reference : ALL.values()) {
      Interpreter interpreter = reference.get();
      if (interpreter != null) {
        all.add(interpreter);
      }
    }
    return all;
  }

  /**
   * Returns the interpreter in which this thread is.
   *
   * @return the one that the context class loader belongs to; the main one if that is of none, or
   *     of one that was closed, or of a worker of a pool
   */
  public static Interpreter current() {
    World world = World.current();
    WeakReference<Interpreter> reference = world == null ? null : ALL.get(world.number());
    Interpreter found = reference == null ? null : reference.get();
    return found == null ? MAIN : found;
  }

  /**
   * Returns the main interpreter: what is outside of all others.
   *
   * @return the one with id 0
   */
  public static Interpreter main() {
    return MAIN;
  }

  /**
   * Returns an interpreter.
   *
   * @param id of it
   * @return the one that has it; always the same object
   * @throws InterpreterNotFoundException if none has, or not any more
   */
  public static Interpreter of(long id) {
    WeakReference<Interpreter> reference = ALL.get(id);
    Interpreter found = reference == null ? null : reference.get();
    if (found == null) {
      throw new InterpreterNotFoundException(id);
    }
    return found;
  }

  /**
   * Tells whether a value crosses without being encoded: immutable values and enums of the JDK and
   * of this library, memory, arrays of primitives, queues between interpreters. Others may cross,
   * too, as copies.
   *
   * @param value or null, which does
   * @return whether it does
   */
  public static boolean isShareable(@Nullable Object value) {
    return Crossing.isShareable(value);
  }

  /**
   * Returns its id.
   *
   * @return 0 of the main one; no two have the same, ever
   */
  public long id() {
    return id;
  }

  /**
   * Returns its name.
   *
   * @return for people
   */
  public String name() {
    return name;
  }

  /**
   * Tells what has created it.
   *
   * @return the start of the program, of the main one
   */
  public Whence whence() {
    return inside == null ? Whence.RUNTIME : Whence.LIBRARY;
  }

  /**
   * Tells whether it runs a {@link #call} or {@link #exec} just now; other threads in it do not
   * count.
   *
   * @return true of the main one
   * @throws InterpreterNotFoundException if it was closed
   */
  public boolean isRunning() {
    return inside == null || open().runner.isRunning();
  }

  private Inside open() {
    Inside its = inside;
    if (its == null) {
      throw new InterpreterException("the main interpreter runs the program, and nothing else");
    }
    if (its.closed) {
      throw new InterpreterNotFoundException(id);
    }
    return its;
  }

  /** It, for one piece of code; to be released. */
  private Inside reserved() {
    Inside its = open();
    if (!its.runner.reserve()) {
      throw new InterpreterException(
          "interpreter is running already: id=" + id + ". Use callInThread, or another one.");
    }
    if (its.closed) {
      its.runner.release();
      throw new InterpreterNotFoundException(id);
    }
    return its;
  }

  /**
   * Runs code in the interpreter and waits for its end. An interrupt of this thread goes on to the
   * code.
   *
   * @param <T> type of the result
   * @param code whose captured variables cross
   * @return its result, which has crossed
   * @throws Exception that it throws, which has crossed, with an {@link ExecutionFailedException}
   *     as last cause; or that alone, if the exception cannot cross
   * @throws NotShareableException if code or result cannot cross
   * @throws InterpreterException if it is running already, or the main one
   * @throws InterpreterNotFoundException if it was closed
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // as the code returns it
  public <T extends @Nullable Object> T call(SerializableCallable<? extends T> code)
      throws Exception {
    return (T) performCode(code);
  }

  /**
   * Runs code in the interpreter and waits for its end, as {@link #call} does.
   *
   * @param code whose captured variables cross
   * @throws Exception that it throws, as by {@link #call}
   */
  public void exec(SerializableRunnable code) throws Exception {
    var _ = performCode(code);
  }

  /**
   * Runs source text in the interpreter and waits for its end, as {@link #call} does: expressions,
   * statements, declarations. What it declares is there for the next text. It sees the public
   * classes of the application's class path, not those of its modules. The first time takes about a
   * second.
   *
   * @param source Java, as the JDK's {@code jshell} takes it; needs its module {@code jdk.jshell}
   * @throws Exception that it throws, as by {@link #call}
   * @throws ExecutionFailedException if it is no code; what comes before has run
   * @throws InterpreterException if the module is not there
   */
  public void exec(String source) throws Exception {
    requireShell();
    var _ =
        perform(
            its -> {
              its.shell().run(source);
              return null;
            });
  }

  /**
   * Gives names to values, for {@link #exec(String)}: variables of their types, as far as source
   * text can name these.
   *
   * @param values that cross, by name; none is bound if one cannot
   * @throws NotShareableException if one cannot cross
   * @throws IllegalArgumentException if there are none, or a name is none of a variable
   * @throws InterpreterException if it is running already, or the main one, or there is no module
   *     {@code jdk.jshell}
   * @throws InterpreterNotFoundException if it was closed
   */
  public void prepare(Map<String, ? extends @Nullable Object> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing to bind");
    }
    requireShell();
    Shell.checkNames(values.keySet());
    Crossing going = leave(new HashMap<>(values), CurrentClasses.get());
    try {
      var _ =
          perform(
              its -> {
                its.shell().bind(arriveNames(going, its.world));
                return null;
              });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new InterpreterException("names cannot be bound: " + e, e);
    } finally {
      going.discard();
    }
  }

  @SuppressWarnings("unchecked") // as it left
  private static Map<String, @Nullable Object> arriveNames(Crossing going, World world) {
    return (Map<String, @Nullable Object>)
        Objects.requireNonNull(arrive(going, world, NO_CODE), "a map has left");
  }

  private static void requireShell() {
    if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
      throw new InterpreterException(
          "source text needs the module jdk.jshell, which is not there: start the program with"
              + " --add-modules jdk.jshell, on a JDK that has it");
    }
  }

  private @Nullable Object performCode(Object code) throws Exception {
    var _ = open();
    Crossing going = leave(code, CurrentClasses.get());
    try {
      return perform(its -> Operation.run(arrive(going, its.world, NO_CODE)));
    } finally {
      going.discard();
    }
  }

  /** Something that runs in the interpreter, and its result there. */
  private interface Code {
    @Nullable Object run(Inside its) throws Throwable;
  }

  private @Nullable Object perform(Code code) throws Exception {
    World here = World.current();
    Inside its = reserved();
    try {
      Object outcome = its.runner.run(() -> runInside(its, code));
      if (outcome instanceof FailureForm failure) {
        throw thrown(failure, here);
      }
      Crossing result = (Crossing) outcome;
      try {
        return arrive(result, here, "result cannot be had here");
      } finally {
        result.discard();
      }
    } finally {
      its.runner.release();
    }
  }

  /** In the interpreter: the result, or the form of a failure, on its way out. */
  private static Object runInside(Inside its, Code code) {
    try {
      return leave(code.run(its), its.world.classes());
    } catch (Throwable e) {
      return Failures.leave(e, its.world.classes());
    }
  }

  private static Crossing leave(@Nullable Object value, ClassTable from) {
    try {
      return Crossing.of(value, from);
    } catch (NotEncodableException e) {
      throw new NotShareableException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * @param otherwise what is said if it cannot be had there
   */
  private static @Nullable Object arrive(Crossing value, @Nullable World to, String otherwise) {
    try {
      return value.arrive(to);
    } catch (NotDecodableException e) {
      throw new NotShareableException(otherwise + ": " + e.getMessage(), e);
    }
  }

  private Exception thrown(FailureForm form, @Nullable World to) {
    ExecutionFailedException failed =
        new ExecutionFailedException(name, form.type(), form.message(), form.trace());
    Throwable original = Failures.arrive(form, to);
    if (original instanceof InterruptedException) {
      boolean _ = Thread.interrupted(); // the code has had it
    }
    if (original instanceof NotShareableException notShareable) {
      return notShareable;
    }
    if (original == null || original instanceof Shell.NotCodeException) {
      return failed;
    }
    Failures.addLastCause(original, failed);
    if (original instanceof Error error) {
      throw error;
    }
    return original instanceof Exception exception ? exception : failed;
  }

  /**
   * Runs code in the interpreter in a thread that is started for it, beside whatever else runs in
   * it. Its result is dropped; what it throws goes to the thread's handler of uncaught exceptions.
   *
   * @param code whose captured variables cross
   * @return the thread, started; not a daemon
   * @throws NotShareableException if the code cannot cross
   * @throws InterpreterNotFoundException if it was closed
   */
  public Thread callInThread(SerializableRunnable code) {
    Inside its = open();
    Crossing going = leave(code, CurrentClasses.get());
    Thread thread =
        SystemThreads.own().name(name + "-thread").unstarted(() -> runBeside(its, going));
    thread.setContextClassLoader(its.world.loader());
    its.begin(thread);
    thread.start();
    return thread;
  }

  private void runBeside(Inside its, Crossing going) {
    try {
      if (going.arrive(its.world) instanceof SerializableRunnable code) {
        Operation.useLoaderOf(code);
        code.run();
      }
    } finally {
      going.discard();
      its.threads.remove(Thread.currentThread());
      Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
      Reference.reachabilityFence(this); // it is not forgotten while this runs
    }
  }

  /**
   * Ends the interpreter, when the threads of {@link #callInThread} have ended; an interrupt of
   * this thread goes on to those, and is restored. Its classes and what they hold are collected,
   * unless something outside refers to them, as a thread that its code has started. Does nothing if
   * it was closed already.
   *
   * @throws InterpreterException if it is running, this thread is in it, or it is the main one
   */
  @Override
  public void close() {
    Inside its = inside;
    if (its == null) {
      throw new InterpreterException("the main interpreter cannot be closed");
    }
    if (its.closed) {
      return;
    }
    if (its.world.equals(World.current())) {
      throw new InterpreterException("an interpreter cannot be closed from inside: id=" + id);
    }
    if (!its.runner.reserve()) {
      throw new InterpreterException("interpreter is running: id=" + id);
    }
    try {
      while (!its.endIfAlone()) {
        its.awaitThreads();
      }
      if (closing != null) {
        closing.clean();
      }
      its.runner.thread().stream().toList().forEach(SystemThreads::awaitEnd);
    } finally {
      its.runner.release();
    }
  }

  @Override
  public String toString() {
    return "Interpreter[id=" + id + ", name=" + name + "]";
  }
}
