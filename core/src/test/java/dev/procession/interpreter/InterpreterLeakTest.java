package dev.procession.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.Pool;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of interpreters that were used and closed. */
@Timeout(300)
class InterpreterLeakTest {
  private static final int CLASSES = 200;

  /** With {@code -Pstress} 2,000, which take a minute. */
  private static final int INTERPRETERS = Integer.getInteger("interpreters", 300);

  private static final List<Object> KEPT = new ArrayList<>();
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  /** What keeps all classes of an interpreter. */
  private static final Class<?> LOADER = loaderClass();

  private static Class<?> loaderClass() {
    try {
      return Class.forName("dev.procession.internal.interpreter.WorldLoader");
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Classes that only interpreters have. */
  private static void writeClasses(Path folder) throws Exception {
    Path root = Files.createDirectories(folder.resolve("made"));
    for (int i = 0; i < CLASSES; i++) {
      byte[] bytes = ClassFile.of().build(ClassDesc.of("made.Made" + i), builder -> {});
      Files.write(root.resolve("Made" + i + ".class"), bytes);
    }
  }

  private record Value(int number, List<String> names) {}

  /** Uses a bit of everything that could keep something. */
  private static void use(Interpreter world, InterpreterQueue<Object> queue) throws Exception {
    world.exec(
        () -> {
          ClassLoader loader = InterpreterLeakTest.class.getClassLoader();
          for (int i = 0; i < CLASSES; i++) {
            KEPT.add(Class.forName("made.Made" + i, true, loader).arrayType());
          }
          KEPT.add(ServiceLoader.load(Runnable.class).findFirst());
          LOCAL.set(KEPT);
          queue.put(new Value(1, List.of("one")));
          Thread.ofVirtual().start(() -> KEPT.add(1)).join();
        });
    assertThat(queue.take()).isEqualTo(new Value(1, List.of("one")));
    assertThat(world.<Value>call(() -> new Value(2, List.of("two"))).number()).isEqualTo(2);
    try {
      world.exec(
          () -> {
            throw new IllegalStateException("expected");
          });
    } catch (IllegalStateException e) {
      assertThat(e.getMessage()).isEqualTo("expected");
    }
    world.callInThread(() -> KEPT.add(2)).join();
  }

  private static WeakReference<ClassLoader> useOnce(Path folder, InterpreterQueue<Object> queue)
      throws Exception {
    try (Interpreter world = Interpreter.create(o -> o.withClassPath(folder))) {
      use(world, queue);
      return new WeakReference<>(loaderOf(world));
    }
  }

  /** What is never to be seen outside, seen by a trick: the thread's. */
  private static ClassLoader loaderOf(Interpreter world) throws Exception {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(world.name()))
        .findFirst()
        .orElseThrow()
        .getContextClassLoader();
  }

  private static long metaspace() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals("Metaspace"))
        .mapToLong((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
        .sum();
  }

  private static long classes() {
    return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
  }

  private static boolean isGone(WeakReference<?> reference) throws InterruptedException {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    return reference.get() == null;
  }

  @Test
  void closedInterpreters_leaveNothing(@TempDir Path folder) throws Exception {
    writeClasses(folder);
    InterpreterQueue<Object> queue = InterpreterQueue.open();
    for (int i = 0; i < 5; i++) {
      WeakReference<ClassLoader> first = useOnce(folder, queue);
      assertThat(isGone(first)).as(() -> Holders.of(LOADER)).isTrue();
    }
    long classesBefore = classes();
    long metaspaceBefore = metaspace();
    List<WeakReference<ClassLoader>> all = new ArrayList<>();
    for (int i = 0; i < INTERPRETERS; i++) {
      all.add(useOnce(folder, queue));
    }
    for (WeakReference<ClassLoader> reference : all) {
      assertThat(isGone(reference)).as(() -> Holders.of(LOADER)).isTrue();
    }
    assertThat(classes()).isLessThan(classesBefore + CLASSES);
    assertThat(metaspace()).isLessThan(metaspaceBefore + (4L << 20));
  }

  @Test
  void pools_leaveNothing() throws Exception {
    WeakReference<ClassLoader> loader = usePool();
    assertThat(isGone(loader)).as(() -> Holders.of(LOADER)).isTrue();
  }

  private static WeakReference<ClassLoader> usePool() throws Exception {
    try (Pool pool = Pool.interpreters(o -> o.withWorkers(2).withName("leaky"))) {
      assertThat(pool.map(n -> new Value(n, List.of()), List.of(1, 2, 3))).hasSize(3);
      assertThat(pool.submit(() -> Map.of(1, new Value(1, List.of()))).get()).hasSize(1);
      return new WeakReference<>(
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("leaky-"))
              .findFirst()
              .orElseThrow()
              .getContextClassLoader());
    }
  }

  @Test
  void forgottenInterpreter_isClosed() throws Exception {
    WeakReference<ClassLoader> loader = forget();
    assertThat(isGone(loader)).as(() -> Holders.of(LOADER)).isTrue();
  }

  @Test
  void keptInterpreter_isNamedWithWhatKeepsIt() throws Exception {
    try (Interpreter world = Interpreter.create()) {
      world.exec(() -> KEPT.add(1));
      KEPT.add(loaderOf(world));
    }
    try {
      assertThat(Holders.of(LOADER)).contains("InterpreterLeakTest.KEPT");
    } finally {
      KEPT.clear();
    }
  }

  private static WeakReference<ClassLoader> forget() throws Exception {
    Interpreter forgotten = Interpreter.create();
    forgotten.exec(() -> KEPT.add(1));
    return new WeakReference<>(loaderOf(forgotten));
  }
}
