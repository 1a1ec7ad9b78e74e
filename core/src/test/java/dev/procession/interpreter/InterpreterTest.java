package dev.procession.interpreter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procession.ChildProcess;
import dev.procession.ExitStatus;
import dev.procession.channel.ProcessQueue;
import dev.procession.function.SerializableFunction;
import dev.procession.memory.SharedLong;
import dev.procession.sync.ProcessEvent;
import dev.procession.testing.Statics;
import java.io.IOException;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One interpreter: its statics, what crosses its border, and its life. */
@Timeout(60)
class InterpreterTest {
  /** Different in each world. */
  static int counter;

  private static int next() {
    return ++counter;
  }

  enum Colour {
    RED {
      @Override
      int code() {
        return 7;
      }
    };

    abstract int code();
  }

  record Point(int x, int y) implements Serializable {}

  /** No record: serialized by the JDK. */
  static final class Account implements Serializable {
    private static final long serialVersionUID = 1L;
    int balance;
    Account partner;

    @SuppressWarnings("serial") // crosses all the same
    MemorySegment memory;

    Account(int balance) {
      this.balance = balance;
    }
  }

  static final class OwnException extends Exception {
    private static final long serialVersionUID = 1L;
    final Point where;

    OwnException(String message, Point where) {
      super(message);
      this.where = where;
    }
  }

  private static final class Stuck extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "UnusedVariable"}) // cannot travel, which is the point
    final Object held = new Object();
  }

  private Interpreter world;

  @BeforeEach
  void open() {
    counter = 100;
    world = Interpreter.create();
  }

  @AfterEach
  void close() {
    world.close();
  }

  // statics

  @Test
  void call_statics_areOfTheInterpreter() throws Exception {
    assertThat(world.<Integer>call(() -> next())).isEqualTo(1);
    assertThat(world.<Integer>call(() -> next())).isEqualTo(2);
    try (Interpreter other = Interpreter.create()) {
      assertThat(other.<Integer>call(() -> next())).isEqualTo(1);
    }
    assertThat(counter).isEqualTo(100);
  }

  @Test
  void exec_runsThere() throws Exception {
    world.exec(() -> counter = 5);
    assertThat(world.<Integer>call(() -> counter)).isEqualTo(5);
    assertThat(counter).isEqualTo(100);
  }

  @Test
  void call_threadLocals_stayThere() throws Exception {
    world.exec(() -> Locals.VALUE.set("theirs"));
    assertThat(world.<String>call(() -> Locals.VALUE.get())).isEqualTo("theirs");
    assertThat(Locals.VALUE.get()).isEqualTo("none");
  }

  private static final class Locals {
    static final ThreadLocal<String> VALUE = ThreadLocal.withInitial(() -> "none");
  }

  // what crosses

  private Object there(Object value) throws Exception {
    Serializable travels = (Serializable) value;
    return world.<Object>call(() -> travels);
  }

  @Test
  void values_ofTheJdk_crossAsTheyAre() throws Exception {
    Instant now = Instant.now();
    String text = "text".repeat(3);
    assertThat(there(now)).isSameAs(now);
    assertThat(there(text)).isEqualTo(text);
    assertThat(there(TimeUnit.DAYS)).isSameAs(TimeUnit.DAYS);
    assertThat(there(1L << 40)).isEqualTo(1L << 40);
    assertThat(world.<Object>call(() -> null)).isNull();
  }

  @Test
  void values_arrays_areCopied() throws Exception {
    byte[] bytes = {1, 2, 3};
    byte[] copy =
        world.call(
            () -> {
              bytes[0] = 9;
              return bytes;
            });
    assertThat(copy).containsExactly(9, 2, 3);
    assertThat(bytes).containsExactly(1, 2, 3);
  }

  @Test
  void values_ofTheApplication_areOfTheClassesWhereTheyArrive() throws Exception {
    assertThat(there(new Point(1, 2))).isEqualTo(new Point(1, 2));
    assertThat(there(Colour.RED)).isSameAs(Colour.RED);
    assertThat(world.<Integer>call(() -> Colour.RED.code())).isEqualTo(7);
    Account account = new Account(3);
    account.partner = account;
    Account copy = (Account) there(account);
    assertThat(copy).isNotSameAs(account);
    assertThat(copy.partner).isSameAs(copy);
    List<Point> points = new ArrayList<>(List.of(new Point(3, 4)));
    assertThat(world.<List<Point>>call(() -> points).getFirst().y()).isEqualTo(4);
    Point[] array = {new Point(5, 6)};
    assertThat(world.<Point[]>call(() -> array)).containsExactly(array);
    assertThat(world.<Map<Point, Colour>>call(() -> Map.of(new Point(1, 1), Colour.RED)))
        .containsEntry(new Point(1, 1), Colour.RED);
    Class<?> type = Point.class;
    assertThat(world.<Boolean>call(() -> type == Point.class)).isTrue();
    assertThat(world.<Class<?>>call(() -> Point.class)).isSameAs(Point.class);
  }

  @Test
  void lambda_isLinkedWhereItArrives() throws Exception {
    int added = 5;
    SerializableFunction<Integer, Integer> adds = n -> n + added + next();
    assertThat(world.<Integer>call(() -> adds.apply(1))).isEqualTo(7);
    SerializableFunction<Integer, Integer> theirs = world.call(() -> n -> n * next());
    assertThat(theirs.apply(2)).isEqualTo(2 * 101);
    assertThat(theirs.getClass().getClassLoader()).isSameAs(getClass().getClassLoader());
  }

  @Test
  void memory_crossesAsTheSame() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(8);
      MemorySegment theirs =
          world.call(
              () -> {
                memory.set(ValueLayout.JAVA_INT, 0, 42);
                return memory;
              });
      assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isEqualTo(42);
      assertThat(theirs.address()).isEqualTo(memory.address());
      Account account = new Account(1);
      account.memory = memory;
      assertThat(world.<Account>call(() -> account).memory.address()).isEqualTo(memory.address());
      record Holder(List<MemorySegment> parts) {}
      Holder holder = new Holder(List.of(memory));
      assertThat(world.<Holder>call(() -> holder).parts().getFirst().address())
          .isEqualTo(memory.address());
    }
  }

  @Test
  void sharedObjectsOfTheLibrary_areTheSame() throws Exception {
    try (var number = SharedLong.open(1);
        var queue = ProcessQueue.<Point>open()) {
      world.exec(
          () -> {
            number.incrementAndGet();
            queue.put(new Point(1, 2));
          });
      assertThat(number.get()).isEqualTo(2);
      assertThat(queue.take()).isEqualTo(new Point(1, 2)); // ours, not theirs
      queue.put(new Point(3, 4));
      assertThat(world.<Integer>call(() -> queue.take().y())).isEqualTo(4);
    }
  }

  @Test
  void isShareable_saysWhatCrossesWithoutBeingEncoded() {
    assertThat(Interpreter.isShareable(null)).isTrue();
    assertThat(Interpreter.isShareable("text")).isTrue();
    assertThat(Interpreter.isShareable(new int[1])).isTrue();
    assertThat(Interpreter.isShareable(TimeUnit.DAYS)).isTrue();
    assertThat(Interpreter.isShareable(world)).isTrue();
    assertThat(Interpreter.isShareable(Colour.RED)).isFalse();
    assertThat(Interpreter.isShareable(new Point(1, 2))).isFalse();
    assertThat(Interpreter.isShareable(List.of(1))).isFalse();
    assertThat(Interpreter.isShareable(new Object())).isFalse();
  }

  @Test
  void lambda_capturesWhatCannotCross_saysWhat() {
    Thread captured = Thread.currentThread();
    assertThatThrownBy(() -> world.call(() -> captured.getName()))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("another interpreter")
        .hasMessageContaining("java.lang.Thread");
    assertThat(world.isRunning()).isFalse();
  }

  @Test
  void result_cannotCross_saysWhat() {
    assertThatThrownBy(() -> world.call(() -> List.of(new Object())))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void openFile_cannotCross() throws Exception {
    try (var file = Files.newInputStream(Path.of("pom.xml"))) {
      assertThatThrownBy(() -> world.call(() -> file.read()))
          .isInstanceOf(NotShareableException.class);
    }
  }

  // exceptions

  @Test
  void exception_crossesWithItsTypeAndSaysWhereItIsFrom() {
    Throwable thrown =
        catchThrowable(
            () ->
                world.call(
                    () -> {
                      throw new OwnException("away", new Point(1, 2));
                    }));

    assertThat(thrown).isInstanceOf(OwnException.class).hasMessage("away");
    assertThat(((OwnException) thrown).where).isEqualTo(new Point(1, 2));
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            ExecutionFailedException.class,
            failed -> {
              assertThat(failed.type()).isEqualTo(OwnException.class.getName());
              assertThat(failed.originalMessage()).isEqualTo("away");
              assertThat(failed.originalStackTrace()).contains("InterpreterTest");
            });
  }

  @Test
  void exception_withACause_keepsItAndEndsWithWhereItIsFrom() {
    Throwable thrown =
        catchThrowable(
            () ->
                world.call(
                    () -> {
                      throw new IOException("outer", new OwnException("inner", null));
                    }));

    assertThat(thrown).isInstanceOf(IOException.class);
    assertThat(thrown.getCause()).isInstanceOf(OwnException.class);
    assertThat(thrown.getCause().getCause()).isInstanceOf(ExecutionFailedException.class);
  }

  @Test
  void exception_cannotCross_isStoodFor() {
    assertThatThrownBy(
            () ->
                world.exec(
                    () -> {
                      throw new Stuck();
                    }))
        .isInstanceOfSatisfying(
            ExecutionFailedException.class, failed -> assertThat(failed.type()).contains("Stuck"));
  }

  @Test
  void error_crosses() {
    assertThatThrownBy(
            () ->
                world.exec(
                    () -> {
                      throw new AssertionError("theirs");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("theirs");
  }

  // where classes are looked for

  @Test
  void contextClassLoader_isOfTheInterpreter() throws Exception {
    assertThat(
            world.<Boolean>call(
                () ->
                    Thread.currentThread()
                            .getContextClassLoader()
                            .equals(InterpreterTest.class.getClassLoader())
                        && Class.forName(
                                Point.class.getName(),
                                true,
                                Thread.currentThread().getContextClassLoader())
                            == Point.class))
        .isTrue();
    world.exec(() -> Thread.currentThread().setContextClassLoader(null));
    assertThat(world.<Boolean>call(() -> Thread.currentThread().getContextClassLoader() != null))
        .isTrue();
  }

  /** A service. */
  public interface Greeter {
    /** Greets. */
    String greet();
  }

  /** Found by a file that the test writes. */
  public static final class Friendly implements Greeter {
    @Override
    public String greet() {
      return "hello " + next();
    }
  }

  @Test
  void serviceLoader_findsClassesOfTheInterpreter(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("META-INF/services").resolve(Greeter.class.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, Friendly.class.getName());
    try (Interpreter withFile = Interpreter.create(o -> o.withClassPath(folder))) {
      assertThat(
              withFile.<String>call(
                  () -> ServiceLoader.load(Greeter.class).findFirst().get().greet()))
          .isEqualTo("hello 1");
    }
  }

  @Test
  void resources_areFound(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("own.properties"), "key=theirs");
    try (Interpreter withFile = Interpreter.create(o -> o.withClassPath(folder))) {
      assertThat(
              withFile.<String>call(
                  () -> {
                    Properties own = new Properties();
                    try (var in = InterpreterTest.class.getResourceAsStream("/own.properties")) {
                      own.load(in);
                    }
                    return own.getProperty("key");
                  }))
          .isEqualTo("theirs");
      assertThat(getClass().getResource("/own.properties")).isNull();
    }
  }

  /** A proxy's handler that travels. */
  private record Echo(String prefix) implements InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return prefix + next();
    }
  }

  @Test
  void proxy_isOfTheClassesWhereItArrives() throws Exception {
    Greeter ours =
        (Greeter)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Greeter.class, Serializable.class},
                new Echo("number "));
    assertThat(world.<String>call(() -> ours.greet())).isEqualTo("number 1");
    Greeter back = world.call(() -> ours);
    assertThat(back.greet()).isEqualTo("number 101");
  }

  @Test
  void sharedPackages_areTheSame() throws Exception {
    try (Interpreter sharing =
        Interpreter.create(o -> o.withSharedPackages(InterpreterTest.class.getPackageName()))) {
      assertThat(sharing.<Integer>call(() -> next())).isEqualTo(101);
    }
  }

  enum Shade {
    LIGHT,
    DARK
  }

  record Paint(Shade shade, String name) {}

  record Coat(Paint paint, List<String> notes) {}

  private static final Paint PAINT = new Paint(Shade.DARK, "grass");
  private static final Coat COAT = new Coat(PAINT, List.of());

  @Test
  void sharedPackages_recordsAndEnumsCrossAsTheyAre() throws Exception {
    try (Interpreter sharing =
        Interpreter.create(o -> o.withSharedPackages(InterpreterTest.class.getPackageName()))) {
      assertThat(sharing.<Paint>call(() -> PAINT)).isSameAs(PAINT);
      assertThat(sharing.<Shade>call(() -> PAINT.shade())).isSameAs(Shade.DARK);
      // a list can be changed by others, whoever has made it
      assertThat(sharing.<Coat>call(() -> COAT)).isEqualTo(COAT).isNotSameAs(COAT);

      var queue = InterpreterQueue.<Paint>open();
      queue.put(PAINT);
      assertThat(sharing.<Integer>call(() -> System.identityHashCode(queue.take())))
          .isEqualTo(System.identityHashCode(PAINT));
      queue.put(PAINT);
      assertThat(world.<Boolean>call(() -> queue.take().equals(PAINT)))
          .as("where the package is not shared, it is another class, and none leaks")
          .isTrue();
      world.exec(() -> queue.put(PAINT));
      assertThat(queue.take()).isEqualTo(PAINT).isNotSameAs(PAINT);
    }
  }

  @Test
  void resourceBundle_isFoundFromInside() throws Exception {
    assertThat(
            world.<String>call(
                () -> ResourceBundle.getBundle("dev.procession.testing.texts").getString("title")))
        .isEqualTo("a title");
  }

  // source text

  @Test
  void source_namesPersist() throws Exception {
    var queue = InterpreterQueue.<Object>open();
    world.prepare(Map.of("queue", queue, "start", 20, "value", new Statics.Value(3)));
    world.exec(
        """
        int add(int n) { return n + start; } // a method
        int sum = add(1);
        """);
    world.exec("sum++; queue.put(sum); queue.put(value.number());");
    assertThat(queue.take()).isEqualTo(22);
    assertThat(queue.take()).isEqualTo(3);
    world.exec("System.setProperty(\"interpreter.source\", String.valueOf(sum))");
    assertThat(System.getProperty("interpreter.source")).isEqualTo("22");
  }

  @Test
  void source_hasTheClassesOfTheInterpreter() throws Exception {
    world.exec("import dev.procession.testing.Statics; Statics.COUNT.set(5);");
    assertThat(world.<Integer>call(() -> Statics.COUNT.get())).isEqualTo(5);
    assertThat(Statics.COUNT.get()).isZero();
  }

  @Test
  void source_throws_comesAsItself() throws Exception {
    assertThatThrownBy(() -> world.exec("throw new java.io.IOException(\"theirs\");"))
        .isInstanceOf(IOException.class)
        .hasMessage("theirs")
        .hasCauseInstanceOf(ExecutionFailedException.class);
    assertThat(world.isRunning()).isFalse();
  }

  @Test
  void source_isNoCode_saysWhy() {
    assertThatThrownBy(() -> world.exec("int x = \"text\";"))
        .isInstanceOf(ExecutionFailedException.class)
        .hasMessageContaining("incompatible types");
    assertThatThrownBy(() -> world.exec("this is none"))
        .isInstanceOf(ExecutionFailedException.class);
  }

  @Test
  void prepare_refusesWhatCannotBeBound() {
    assertThatThrownBy(() -> world.prepare(Map.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> world.prepare(Map.of("no name", 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> world.prepare(Map.of("stuck", new Object())))
        .isInstanceOf(NotShareableException.class);
    assertThatThrownBy(() -> Interpreter.main().prepare(Map.of("x", 1)))
        .isInstanceOf(InterpreterException.class);
  }

  // its life

  @Test
  void current_isTheOneItRunsIn() throws Exception {
    assertThat(Interpreter.current()).isSameAs(Interpreter.main());
    long id = world.id();
    assertThat(world.<Long>call(() -> Interpreter.current().id())).isEqualTo(id);
    assertThat(world.<Interpreter>call(() -> Interpreter.current())).isSameAs(world);
    assertThat(Interpreter.of(id)).isSameAs(world);
    assertThat(Interpreter.list()).startsWith(Interpreter.main()).contains(world);
    assertThat(Interpreter.main().id()).isZero();
    assertThat(Interpreter.main().whence()).isEqualTo(Interpreter.Whence.RUNTIME);
    assertThat(world.whence()).isEqualTo(Interpreter.Whence.LIBRARY);
  }

  @Test
  void main_cannotBeCalledNorClosed() {
    assertThat(Interpreter.main().isRunning()).isTrue();
    assertThatThrownBy(() -> Interpreter.main().call(() -> 1))
        .isInstanceOf(InterpreterException.class);
    assertThatThrownBy(() -> Interpreter.main().close()).isInstanceOf(InterpreterException.class);
  }

  @Test
  void close_andThenUsed_isNotFound() throws Exception {
    Interpreter closed = Interpreter.create();
    closed.exec(() -> counter++);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.call(() -> 1)).isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(closed::isRunning).isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(() -> Interpreter.of(closed.id()))
        .isInstanceOf(InterpreterNotFoundException.class);
    assertThat(Interpreter.list()).doesNotContain(closed);
  }

  @Test
  void running_isRefusedASecondTimeAndCannotBeClosed() throws Exception {
    try (var gate = dev.procession.sync.ProcessEvent.open()) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CountDownLatch done = new CountDownLatch(1);
      Thread runs =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      world.exec(() -> gate.await());
                    } catch (Exception e) {
                      failure.set(e);
                    }
                    done.countDown();
                  });
      while (!world.isRunning()) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> world.call(() -> 1))
          .isInstanceOf(InterpreterException.class)
          .hasMessageContaining("running");
      assertThatThrownBy(() -> world.close()).isInstanceOf(InterpreterException.class);
      gate.set();
      assertThat(done.await(30, SECONDS)).isTrue();
      runs.join();
      assertThat(failure.get()).isNull();
    }
  }

  @Test
  void call_fromInside_isRefused() throws Exception {
    Interpreter self = world;
    assertThatThrownBy(() -> world.call(() -> self.<Integer>call(() -> 1)))
        .isInstanceOf(InterpreterException.class);
    assertThatThrownBy(() -> world.exec(() -> self.close()))
        .isInstanceOf(InterpreterException.class);
  }

  @Test
  void call_ofAnotherFromInside_works() throws Exception {
    try (Interpreter other = Interpreter.create()) {
      other.exec(() -> counter = 20);
      assertThat(world.<Point>call(() -> new Point(next(), other.<Integer>call(() -> next()))))
          .isEqualTo(new Point(1, 21));
    }
  }

  @Test
  void callInThread_runsBeside() throws Exception {
    try (var queue = ProcessQueue.<Point>open()) {
      Thread thread = world.callInThread(() -> queue.put(new Point(next(), 0)));
      assertThat(queue.take()).isEqualTo(new Point(1, 0));
      thread.join();
    }
  }

  @Test
  void close_waitsForItsThreads() throws Exception {
    try (var number = SharedLong.open(0);
        Interpreter busy = Interpreter.create()) {
      Thread _ =
          busy.callInThread(
              () -> {
                Thread.sleep(Duration.ofMillis(200));
                number.incrementAndGet();
              });
      busy.close();
      assertThat(number.get()).isEqualTo(1);
    }
  }

  @Test
  @SuppressWarnings("Interruption") // is what is tested
  void close_interrupted_interruptsItsThreads() throws Exception {
    try (var gate = ProcessEvent.open();
        Interpreter busy = Interpreter.create()) {
      Thread _ =
          busy.callInThread(
              () -> {
                gate.set();
                try {
                  Thread.sleep(Duration.ofSeconds(1_000));
                } catch (InterruptedException e) {
                  gate.clear();
                }
              });
      gate.await();
      Thread.currentThread().interrupt();
      busy.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(gate.isSet()).isFalse();
    }
  }

  @Test
  void close_waitsForThreadsThatItsThreadsStart() throws Exception {
    try (var number = SharedLong.open(0);
        Interpreter busy = Interpreter.create()) {
      Thread _ =
          busy.callInThread(
              () -> {
                Thread.sleep(Duration.ofMillis(50));
                Thread _ =
                    Interpreter.current()
                        .callInThread(
                            () -> {
                              Thread.sleep(Duration.ofMillis(100));
                              number.incrementAndGet();
                            });
              });
      busy.close();
      assertThat(number.get()).isEqualTo(1);
    }
  }

  @Test
  void commonPool_isInNoInterpreter_andCannotLeakItsObjects() {
    var queue = InterpreterQueue.<Point>open();
    assertThatThrownBy(
            () ->
                world.exec(
                    () ->
                        CompletableFuture.runAsync(
                                () -> {
                                  var _ = queue.offer(new Point(1, 2));
                                },
                                ForkJoinPool.commonPool())
                            .join()))
        .hasStackTraceContaining("interpreter that this thread is not in");
    assertThat(queue).isEmpty();
  }

  @Test
  void proxy_withAnInterfaceOfTheJdkFirst_crosses() throws Exception {
    Greeter ours =
        (Greeter)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Serializable.class, Greeter.class},
                new Echo("number "));
    assertThat(world.<String>call(() -> ours.greet())).isEqualTo("number 1");
  }

  @Test
  void call_interrupted_passesItOn() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread waits =
        Thread.ofPlatform()
            .start(
                () -> {
                  failure.set(
                      catchThrowable(() -> world.exec(() -> Thread.sleep(Duration.ofHours(1)))));
                  flag.set(Thread.currentThread().isInterrupted());
                });
    while (!world.isRunning()) {
      Thread.onSpinWait();
    }
    waits.interrupt();
    waits.join();
    assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    assertThat(flag.get()).isFalse();
    assertThat(world.<Integer>call(() -> 1)).isEqualTo(1);
  }

  @Test
  void initializer_runsFirst() throws Exception {
    try (Interpreter prepared = Interpreter.create(o -> o.withInitializer(() -> counter = 50))) {
      assertThat(prepared.<Integer>call(() -> next())).isEqualTo(51);
    }
    int before = Interpreter.list().size();
    assertThatThrownBy(
            () ->
                Interpreter.create(
                    o ->
                        o.withInitializer(
                            () -> {
                              throw new OwnException("no", null);
                            })))
        .isInstanceOf(InterpreterException.class)
        .hasCauseInstanceOf(OwnException.class);
    assertThat(Interpreter.list()).hasSize(before);
  }

  @Test
  void name_isOfItsThread() throws Exception {
    try (Interpreter named = Interpreter.create(o -> o.withName("parser"))) {
      assertThat(named.name()).isEqualTo("parser");
      assertThat(named.<String>call(() -> Thread.currentThread().getName())).isEqualTo("parser");
    }
  }

  @Test
  void exit_ofAProcessWithInterpreters_keepsItsStatus() throws Exception {
    try (var child =
        ChildProcess.start(
            () -> {
              Interpreter idle = Interpreter.create();
              Interpreter busy = Interpreter.create();
              int _ = idle.call(() -> 1);
              busy.callInThread(() -> Thread.sleep(Duration.ofHours(1)));
              System.exit(7);
            })) {
      child.join();
      assertThat(child.exitStatus()).contains(new ExitStatus(7, false));
    }
  }
}
