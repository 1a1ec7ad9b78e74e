package dev.procession;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.procession.channel.Connection;
import dev.procession.channel.MessageNotReadableException;
import dev.procession.channel.MessageNotSerializableException;
import dev.procession.channel.Pipe;
import dev.procession.channel.ProcessQueue;
import dev.procession.memory.SharedLong;
import dev.procession.memory.SharedMemory;
import dev.procession.sync.ProcessLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedNameTest {
  /** Unlike those of other runs at the same time. */
  private static final String NAME = "test-" + ProcessHandle.current().pid();

  /** A program that is none of our workers: finds what is bound, and uses it. */
  static final class Program {
    private Program() {}

    @SuppressWarnings("unchecked")
    public static void main(String[] names) throws Exception {
      ProcessQueue<String> queue = SharedName.lookup(names[0], ProcessQueue.class);
      Connection connection = SharedName.lookup(names[1], Connection.class);
      List<Object> both = SharedName.lookup(names[2], List.class);
      queue.put("from " + ProcessHandle.current().pid());
      connection.send(connection.receive(Integer.class) + 1);
      ProcessLock lock = (ProcessLock) both.getFirst();
      lock.lock();
      try {
        ((SharedLong) both.getLast()).incrementAndGet();
      } finally {
        lock.unlock();
      }
    }
  }

  @Test
  void lookup_inAnUnrelatedProgram_findsEverything() throws Exception {
    try (var queue = ProcessQueue.<String>open();
        var pipe = Pipe.open();
        var lock = ProcessLock.open();
        var number = SharedLong.open(41);
        var one = SharedName.bind(NAME + "-queue", queue);
        var two = SharedName.bind(NAME + "-pipe", pipe.second());
        var three = SharedName.bind(NAME + "-both", List.of(lock, number))) {
      pipe.second().close(); // the name holds it
      Process program =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Program.class.getName(),
                  one.name(),
                  two.name(),
                  three.name())
              .inheritIO()
              .start();
      pipe.first().send(6);
      assertThat(pipe.first().receive()).isEqualTo(7);
      assertThat(queue.poll(10, SECONDS)).isEqualTo("from " + program.pid());
      assertThat(program.waitFor()).isZero();
      assertThat(number.get()).isEqualTo(42);
    }
  }

  @Test
  void lookup_inAContainerThatSharesTheFolderOnly_isRefused() throws Exception {
    List<String> container = List.of("unshare", "--user", "--map-root-user", "--pid", "--fork");
    assumeThat(run(container, List.of("true")))
        .as("pids of its own, by unshare(1)")
        .isEqualTo(new Ended(0, ""));
    try (var queue = ProcessQueue.<String>open();
        var bound = SharedName.bind(NAME, queue)) {
      Ended program =
          run(
              container,
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:-UsePerfData", // it would take files of other JVMs for those of dead ones
                  "-cp",
                  System.getProperty("java.class.path"),
                  Program.class.getName(),
                  bound.name(),
                  "none",
                  "none"));
      assertThat(program.code()).isNotZero();
      assertThat(program.output()).contains("of a container whose processes are not seen here");
      assertThat(queue.size()).isZero();
    }
  }

  private record Ended(int code, String output) {}

  private static Ended run(List<String> before, List<String> command) throws Exception {
    List<String> all = new ArrayList<>(before);
    all.addAll(command);
    try {
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ended(process.waitFor(), output);
    } catch (IOException e) {
      return new Ended(-1, "no such program: " + e);
    }
  }

  @Test
  void bind_ofANameThatIsBound_throws() {
    try (var first = SharedName.bind(NAME, "one")) {
      assertThatThrownBy(() -> SharedName.bind(NAME, "two"))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(FileAlreadyExistsException.class);
      assertThat(SharedName.lookup(NAME, String.class)).isEqualTo("one");
      assertThatThrownBy(() -> SharedName.lookup(NAME, Integer.class))
          .isInstanceOf(ClassCastException.class);
      first.close();
      first.close();
      assertThatThrownBy(() -> SharedName.lookup(NAME, String.class))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void bind_ofWhatCannotTravel_throwsAndBindsNothing() {
    assertThatThrownBy(() -> SharedName.bind(NAME, new Object()))
        .isInstanceOf(MessageNotSerializableException.class);
    assertThatThrownBy(() -> SharedName.lookup(NAME, Object.class))
        .hasCauseInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> SharedName.bind("a/b", "slash"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lookup_ofWhatIsGone_throws() {
    String name = NAME;
    var queue = ProcessQueue.<String>open();
    try (var bound = SharedName.bind(name, queue)) {
      queue.close();
      assertThat(bound.name()).isEqualTo(name);
      var child = ChildProcess.call(() -> SharedName.lookup(name, ProcessQueue.class).size());
      assertThatThrownBy(() -> child.result().get(20, SECONDS))
          .hasCauseInstanceOf(MessageNotReadableException.class)
          .hasMessageContaining("gone");
    }
  }

  @Test
  void lookup_ofNameOfAnotherUser_isRefused() throws Exception {
    String name = NAME + "-foreign";
    try (var _ = SharedName.bind(name, "a message")) {
      Path file = Path.of("/dev/shm/bound-" + name);
      assumeThat(file).as("names are elsewhere").exists();
      assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("not root").isEqualTo(0);
      Files.setAttribute(file, "unix:uid", 65534);

      assertThatThrownBy(() -> SharedName.lookup(name, String.class))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("bound by another user");
    }
  }

  @Test
  void lookup_ofSomethingElse_throws() {
    try (var memory = SharedMemory.create("bound-" + NAME, 100)) {
      assertThatThrownBy(() -> SharedName.lookup(NAME, String.class))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(NAME);
      assertThat(memory.segment().byteSize()).isEqualTo(100);
    }
  }
}
