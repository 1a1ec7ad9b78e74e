package dev.procession.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.ProcessStartException;
import dev.procession.TaskNotSerializableException;
import dev.procession.WorkerDiedException;
import dev.procession.testing.Aside;
import java.io.EOFException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(30);

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
    return bytes;
  }

  @Test
  void send_ofObjects_arriveInOrderAsCopies() throws Exception {
    try (var pipe = Pipe.open()) {
      List<Integer> list = new ArrayList<>(List.of(1, 2));
      pipe.first().send(list);
      list.add(3);
      pipe.first().send("second");
      pipe.second().send(2.5);
      assertThat(pipe.second().receive()).isEqualTo(List.of(1, 2));
      assertThat(pipe.second().receive(String.class)).isEqualTo("second");
      assertThat(pipe.first().receive(Double.class)).isEqualTo(2.5);
    }
  }

  @Test
  void receive_ofAnotherClass_throwsAndTakesIt() throws Exception {
    try (var pipe = Pipe.open()) {
      pipe.first().send("text");
      pipe.first().send(7);
      assertThatThrownBy(() -> pipe.second().receive(Integer.class))
          .isInstanceOf(ClassCastException.class)
          .hasMessageContaining("String");
      assertThat(pipe.second().receive(Integer.class)).isEqualTo(7);
    }
  }

  @Test
  void send_ofWhatCannotTravel_throwsThereAndSendsNothing() throws Exception {
    try (var pipe = Pipe.open()) {
      assertThatThrownBy(() -> pipe.first().send(new Object()))
          .isInstanceOf(MessageNotSerializableException.class)
          .hasMessageContaining("java.lang.Object");
      assertThat(pipe.second().poll()).isFalse();
      pipe.first().send("good");
      assertThat(pipe.second().receive()).isEqualTo("good");
    }
  }

  @Test
  void receive_ofBytesThatAreNoObject_throwsAndTakesThem() throws Exception {
    try (var pipe = Pipe.open()) {
      for (byte[] garbage : List.of(new byte[0], new byte[] {1}, noise(100), noise(5000))) {
        pipe.first().sendBytes(garbage);
        assertThatThrownBy(() -> pipe.second().receive())
            .isInstanceOf(MessageNotReadableException.class);
      }
      pipe.first().send("good");
      assertThat(pipe.second().receive()).isEqualTo("good");
    }
  }

  @Test
  void openOneWay_wrongDirection_throws() throws Exception {
    try (var pipe = Pipe.openOneWay()) {
      assertThat(pipe.first().isReadable()).isTrue();
      assertThat(pipe.first().isWritable()).isFalse();
      assertThat(pipe.second().isReadable()).isFalse();
      assertThat(pipe.second().isWritable()).isTrue();
      pipe.second().send("hello");
      assertThat(pipe.first().receive()).isEqualTo("hello");
      assertThatThrownBy(() -> pipe.first().send("back"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("can only receive");
      assertThatThrownBy(() -> pipe.second().receive())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("can only send");
      assertThatThrownBy(() -> pipe.second().poll()).isInstanceOf(IllegalStateException.class);
    }
  }

  // bytes

  @Test
  void sendBytes_ofManyLengths_arriveWholeAndNeverMerge() throws Exception {
    int[] lengths = {0, 1, 7, 8, 9, 65_535, 65_536, 65_537, 131_072, 1_000_000, 10_000_019, 0};
    try (var pipe = Pipe.open()) {
      for (int length : lengths) {
        byte[] message = noise(length);
        Future<byte[]> received = Aside.run(() -> pipe.second().receiveBytes());
        pipe.first().sendBytes(message);
        assertThat(received.get(20, SECONDS)).isEqualTo(message);
      }
    }
  }

  @Test
  void sendBytes_ofAPart_sendsIt() throws Exception {
    byte[] source = {0, 1, 2, 3, 4};
    try (var pipe = Pipe.open()) {
      pipe.first().sendBytes(source, 1, 3);
      pipe.first().sendBytes(source, 5, 0);
      pipe.first().sendBytes(MemorySegment.ofArray(new int[] {1, 2, 3}));
      assertThat(pipe.second().receiveBytes()).containsExactly(1, 2, 3);
      assertThat(pipe.second().receiveBytes()).isEmpty();
      int[] ints = new int[3];
      assertThat(pipe.second().receiveBytesInto(MemorySegment.ofArray(ints))).isEqualTo(12);
      assertThat(ints).containsExactly(1, 2, 3);
    }
  }

  @Test
  void sendBytes_ofARangeThatIsNotThere_throwsAndSendsNothing() throws Exception {
    byte[] source = new byte[5];
    try (var pipe = Pipe.open()) {
      for (int[] range : new int[][] {{-1, 1}, {0, -1}, {0, 6}, {6, 0}, {5, 1}}) {
        assertThatThrownBy(() -> pipe.first().sendBytes(source, range[0], range[1]))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      assertThat(pipe.second().poll()).isFalse();
    }
  }

  @Test
  void receiveBytes_longerThanWanted_throwsAndLeavesIt() throws Exception {
    try (var pipe = Pipe.open()) {
      pipe.first().sendBytes(new byte[100]);
      assertThatThrownBy(() -> pipe.second().receiveBytes(99))
          .isInstanceOfSatisfying(
              MessageTooLongException.class,
              e -> {
                assertThat(e.length()).isEqualTo(100);
                assertThat(e.message()).isEmpty();
              })
          .hasMessageContaining("length=100, most=99");
      assertThat(pipe.second().receiveBytes(100)).hasSize(100);
      assertThatThrownBy(() -> pipe.second().receiveBytes(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("most=-1");
    }
  }

  @Test
  void receiveBytesInto_tooShort_throwsWithTheMessageAndGoesOn() throws Exception {
    byte[] message = noise(20);
    try (var pipe = Pipe.open()) {
      pipe.first().sendBytes(message);
      pipe.first().sendBytes(new byte[] {5, 6});
      byte[] target = new byte[10];
      assertThatThrownBy(() -> pipe.second().receiveBytesInto(target, 0))
          .isInstanceOfSatisfying(
              MessageTooLongException.class, e -> assertThat(e.message()).contains(message));
      assertThat(target).containsOnly(0);
      assertThat(pipe.second().receiveBytesInto(target, 8)).isEqualTo(2);
      assertThat(target).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 5, 6);
      for (int offset : new int[] {-1, 11}) {
        assertThatThrownBy(() -> pipe.second().receiveBytesInto(target, offset))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      pipe.first().sendBytes(new byte[0]);
      assertThat(pipe.second().receiveBytesInto(target, 10)).isZero();
    }
  }

  @Test
  void sendBytes_fromMemoryToMemory_ofAMessageLongerThanThePipe() throws Exception {
    long size = 50_000_000;
    try (var pipe = Pipe.openOneWay();
        Arena arena = Arena.ofShared()) {
      MemorySegment source = arena.allocate(size);
      source.set(ValueLayout.JAVA_LONG, 0, 1);
      source.set(ValueLayout.JAVA_LONG, size - 8, 2);
      var receiver = pipe.first();
      var child =
          ChildProcess.call(
              () -> {
                try (Arena mine = Arena.ofConfined()) {
                  MemorySegment target = mine.allocate(size + 1);
                  long length = receiver.receiveBytesInto(target);
                  return List.of(
                      length,
                      target.get(ValueLayout.JAVA_LONG, 0),
                      target.get(ValueLayout.JAVA_LONG, size - 8));
                }
              });
      pipe.second().sendBytes(source);
      assertThat(child.result().get(20, SECONDS)).isEqualTo(List.of(size, 1L, 2L));
    }
  }

  // waiting

  @Test
  void poll_forAMessage_doesNotTakeIt() throws Exception {
    try (var pipe = Pipe.open()) {
      long start = System.nanoTime();
      assertThat(pipe.second().poll()).isFalse();
      assertThat(pipe.second().poll(SHORT)).isFalse();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
      assertThat(pipe.second().poll(Duration.ofSeconds(-1))).isFalse();
      pipe.first().sendBytes(new byte[0]);
      assertThat(pipe.second().poll()).isTrue();
      assertThat(pipe.second().poll(SOON)).isTrue();
      assertThat(pipe.second().receiveBytes()).isEmpty();
      assertThat(pipe.second().poll()).isFalse();
    }
  }

  @Test
  void poll_whileAMessageComes_returns() throws Exception {
    try (var pipe = Pipe.open()) {
      var first = pipe.first();
      var child =
          ChildProcess.start(
              () -> {
                Thread.sleep(SHORT);
                first.send(1);
              });
      assertThat(pipe.second().poll(SOON)).isTrue();
      assertThat(pipe.second().receive()).isEqualTo(1);
      child.join();
    }
  }

  @Test
  void send_toWhoSleeps_wakesIt() throws Exception {
    try (var pipe = Pipe.open()) {
      var second = pipe.second();
      var child =
          ChildProcess.start(
              () -> {
                while (second.receive(Integer.class) >= 0) {
                  second.send(1);
                }
              });
      long[] nanos = new long[20];
      for (int i = 0; i < nanos.length; i++) {
        Thread.sleep(5); // by now both have stopped spinning
        long begin = System.nanoTime();
        pipe.first().send(i);
        assertThat(pipe.first().receive()).isEqualTo(1);
        nanos[i] = System.nanoTime() - begin;
      }
      pipe.first().send(-1);
      child.join();
      Arrays.sort(nanos);
      // who is not woken looks by itself after 50 ms
      assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(20));
    }
  }

  @Test
  void receive_interrupted_throwsAndTakesNothing() throws Exception {
    try (var pipe = Pipe.open()) {
      Future<Throwable> outcome = outcomeOf(() -> pipe.second().receive(), true);
      assertThat(outcome.get(10, SECONDS)).isInstanceOf(InterruptedException.class);
      pipe.first().send("late");
      assertThat(pipe.second().receive()).isEqualTo("late");
    }
  }

  @Test
  void send_interruptedInTheMiddle_sendsNothing() throws Exception {
    try (var pipe = Pipe.open()) {
      for (int i = 0; i < 3; i++) {
        Future<Throwable> outcome =
            outcomeOf(() -> pipe.first().sendBytes(new byte[3_000_000]), true);
        assertThat(outcome.get(10, SECONDS)).isInstanceOf(InterruptedException.class);
      }
      Future<Object> received = Aside.run(() -> pipe.second().receive());
      pipe.first().send("whole");
      assertThat(received.get(10, SECONDS)).isEqualTo("whole");
    }
  }

  private interface Wait {
    void run() throws Exception;
  }

  /** What a wait in a thread ends with, perhaps after it was interrupted while it waited. */
  private static Future<Throwable> outcomeOf(Wait wait, boolean interrupt) throws Exception {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    wait.run();
                    outcome.complete(new AssertionError("nothing was thrown"));
                  } catch (Throwable e) {
                    outcome.complete(e);
                  }
                });
    Thread.sleep(SHORT);
    if (interrupt) {
      thread.interrupt();
    }
    return outcome;
  }

  // the end of the stream

  @Test
  void receive_afterThePeerHasClosed_drainsThenThrows() throws Exception {
    try (var pipe = Pipe.open()) {
      pipe.first().send("last");
      pipe.first().close();
      pipe.first().close();
      assertThat(pipe.first().isClosed()).isTrue();
      assertThat(pipe.second().receive()).isEqualTo("last");
      assertThat(pipe.second().poll()).isTrue();
      assertThatThrownBy(() -> pipe.second().receive()).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> pipe.second().receiveBytes()).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> pipe.second().send("no")).isInstanceOf(PeerClosedException.class);
      assertThatThrownBy(() -> pipe.first().send("no"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void close_whileOthersWait_letsThemGo() throws Exception {
    try (var pipe = Pipe.open()) {
      Future<Throwable> here = outcomeOf(() -> pipe.first().receive(), false);
      Future<Throwable> there = outcomeOf(() -> pipe.second().receive(), false);
      pipe.first().close();
      assertThat(here.get(1, SECONDS)).isInstanceOf(IllegalStateException.class);
      assertThat(there.get(1, SECONDS)).isInstanceOf(EOFException.class);
    }
    try (var pipe = Pipe.open()) {
      Future<Throwable> sender =
          outcomeOf(() -> pipe.first().sendBytes(new byte[3_000_000]), false);
      pipe.second().close();
      assertThat(sender.get(1, SECONDS)).isInstanceOf(PeerClosedException.class);
    }
  }

  @Test
  void receive_afterTheChildHasEnded_throws() throws Exception {
    for (boolean killed : new boolean[] {false, true}) {
      try (var pipe = Pipe.open()) {
        var second = pipe.second();
        var child =
            ChildProcess.start(
                options -> options.withDaemon(true),
                () -> {
                  second.send("ready");
                  if (killed) {
                    Thread.sleep(Duration.ofHours(1));
                  }
                });
        pipe.second().close();
        assertThat(pipe.first().receive()).isEqualTo("ready");
        child.kill();
        child.join();
        long ended = System.nanoTime();
        assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - ended)).isLessThan(Duration.ofSeconds(1));
        assertThatThrownBy(() -> pipe.first().send("no")).isInstanceOf(PeerClosedException.class);
      }
    }
  }

  @Test
  void close_ofAnEndThatIsUnderWay_isNotItsEnd() throws Exception {
    try (var pipe = Pipe.open();
        var queue = ProcessQueue.<Connection>open()) {
      queue.put(pipe.second());
      pipe.second().close();
      assertThat(pipe.first().poll()).isFalse();
      pipe.first().send("to whom it may concern");
      Connection arrived = queue.take();
      assertThat(arrived.receive()).isEqualTo("to whom it may concern");
      arrived.close();
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    }
  }

  /** Ends the process that it arrives in. */
  private static final class Bomb implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) {
      Runtime.getRuntime().halt(9);
    }

    @Override
    public String toString() {
      return "bomb";
    }
  }

  @Test
  void receive_afterTheProcessHasEndedThatTheOtherWasSentTo_throws() throws Exception {
    var bomb = new Bomb();
    try (var pipe = Pipe.open()) {
      var second = pipe.second();
      assertThatThrownBy(() -> ChildProcess.start(() -> second.send(bomb.toString())).join())
          .isInstanceOf(ProcessStartException.class);
      pipe.second().close();
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    }
    try (var pipe = Pipe.open();
        var pool = Pool.processes(1)) {
      var second = pipe.second();
      var task =
          pool.submit(
              () -> {
                second.send(bomb.toString());
                return true;
              });
      pipe.second().close();
      assertThatThrownBy(() -> task.get()).hasCauseInstanceOf(WorkerDiedException.class);
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void receive_whenTheOtherEndIsInAMessageThatNobodyCanReceive_throws() throws Exception {
    try (var pipe = Pipe.open();
        var road = Pipe.open()) {
      var far = road.second();
      var child =
          ChildProcess.start(
              () -> {
                far.send(far.receive(Connection.class).receive());
                Thread.sleep(Duration.ofHours(1));
              });
      road.second().close();
      road.first().send(pipe.second());
      pipe.first().send("received");
      assertThat(road.first().receive()).isEqualTo("received");
      road.first().send(pipe.second());
      pipe.second().close();
      assertThat(pipe.first().poll()).isFalse();

      child.kill();
      child.join();
      long ended = System.nanoTime();

      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - ended)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void receive_whenTheRoadOfTheOtherEndIsLost_throws() throws Exception {
    try (var pipe = Pipe.open();
        var road = Pipe.open();
        var roadOfTheRoad = Pipe.open()) {
      road.first().send(pipe.second());
      pipe.second().close();
      roadOfTheRoad.first().send(road.second());
      road.second().close();
      assertThat(pipe.first().poll()).isFalse();
      roadOfTheRoad.second().close();
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> road.first().receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void receive_ofAnEndThatWasSentBeforeItsSenderClosed_works() throws Exception {
    try (var pipe = Pipe.open();
        var road = Pipe.open()) {
      road.first().send(pipe.second());
      road.first().close();
      pipe.second().close();
      assertThat(pipe.first().poll(SHORT)).isFalse();
      try (var arrived = road.second().receive(Connection.class)) {
        arrived.send("here");
        assertThat(pipe.first().receive()).isEqualTo("here");
      }
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void send_ofAConnectionThatFails_isNoDeparture() throws Exception {
    try (var pipe = Pipe.open();
        var carrier = Pipe.open()) {
      assertThatThrownBy(() -> carrier.first().send(List.of(pipe.second(), new Object())))
          .isInstanceOf(MessageNotSerializableException.class);
      carrier.second().close();
      assertThatThrownBy(() -> carrier.first().send(pipe.second()))
          .isInstanceOf(PeerClosedException.class);
      pipe.second().close();
      assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void forgotten_isClosed() throws Exception {
    Connection first = forgetTheOther();
    long end = System.nanoTime() + SOON.toNanos();
    while (!first.poll(SHORT) && System.nanoTime() < end) {
      System.gc();
    }
    assertThatThrownBy(() -> first.receive()).isInstanceOf(EOFException.class);
    first.close();
  }

  private static Connection forgetTheOther() {
    return Pipe.open().first();
  }

  @Test
  void start_withAWholePipe_isRefused() {
    try (var pipe = Pipe.open()) {
      assertThatThrownBy(() -> ChildProcess.start(() -> pipe.second().send(1)))
          .isInstanceOf(TaskNotSerializableException.class)
          .hasMessageContaining("dev.procession.channel.Pipe");
    }
  }

  @Test
  void close_ofBothEnds_leavesNoFile() throws Exception {
    Set<Path> before = files();
    var pipe = Pipe.open();
    assertThat(files()).hasSize(before.size() + 1);
    pipe.first().close();
    assertThat(files()).hasSize(before.size() + 1);
    pipe.second().close();
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void close_ofBothEndsWhileAChildHoldsOne_leavesNoFileWhenThatEnds() throws Exception {
    Set<Path> before = files();
    try (var about = Pipe.open();
        var pipe = Pipe.open()) {
      var second = pipe.second();
      var control = about.second();
      var child =
          ChildProcess.start(
              () -> {
                control.send(second.isReadable());
                control.receive();
              });
      assertThat(about.first().receive()).isEqualTo(true);
      pipe.close();
      assertThat(files()).hasSizeGreaterThan(before.size() + 1);
      about.first().send("end");
      child.join();
    }
    assertThat(files()).isEqualTo(before);
  }

  private static Set<Path> files() throws Exception {
    try (var files = Files.list(Path.of("/dev/shm"))) {
      String mine = "procession-" + ProcessHandle.current().pid() + "-";
      return new HashSet<>(files.filter(f -> f.getFileName().toString().startsWith(mine)).toList());
    }
  }

  // messages that were given up

  @Test
  void poll_forALongMessageThatWasGivenUp_isFalse() throws Exception {
    try (var pipe = Pipe.open()) {
      giveUpALongMessage(pipe.first());
      assertThat(pipe.second().poll()).isFalse();
      giveUpALongMessage(pipe.first());
      assertThat(Connection.waitAny(List.of(pipe.second()), SHORT)).isEmpty();
      pipe.first().send("whole");
      assertThat(pipe.second().poll()).isTrue();
      assertThat(pipe.second().receive()).isEqualTo("whole");
    }
  }

  @Test
  void poll_forALongMessage_isTrueAndLeavesIt() throws Exception {
    try (var pipe = Pipe.open()) {
      byte[] message = noise(200_000);
      pipe.first().sendBytes(message);
      pipe.first().sendBytes(message);
      for (int i = 0; i < 2; i++) {
        assertThat(pipe.second().poll()).isTrue();
        assertThat(pipe.second().poll(SOON)).isTrue();
        assertThat(pipe.second().receiveBytes()).isEqualTo(message);
      }
      assertThat(pipe.second().poll()).isFalse();
    }
  }

  @Test
  void receiveBytes_behindOneThatIsTooLongAndWasGivenUp_passesOver() throws Exception {
    try (var pipe = Pipe.open()) {
      giveUpALongMessage(pipe.first());
      Future<?> sent =
          Aside.run(
              () -> {
                pipe.first().sendBytes(new byte[3]);
                return true;
              });
      assertThat(pipe.second().receiveBytes(10)).hasSize(3);
      assertThat(sent.get(10, SECONDS)).isEqualTo(true);
    }
  }

  private static void giveUpALongMessage(Connection connection) throws Exception {
    Future<Throwable> outcome = outcomeOf(() -> connection.sendBytes(new byte[3_000_000]), true);
    assertThat(outcome.get(10, SECONDS)).isInstanceOf(InterruptedException.class);
  }

  // many

  @Test
  void send_fromManyThreadsAndProcesses_arrivesWholeAndOnce() throws Exception {
    int each = 300;
    try (var pipe = Pipe.openOneWay();
        var pool = Pool.processes(2);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      var end = pipe.second();
      List<Future<?>> senders = new ArrayList<>();
      for (int sender = 0; sender < 4; sender++) {
        int number = sender;
        senders.add(
            sender < 2
                ? pool.submit(() -> sendMany(end, number, each))
                : threads.submit(() -> sendMany(end, number, each)));
      }
      List<Future<List<String>>> receivers = new ArrayList<>();
      for (int receiver = 0; receiver < 2; receiver++) {
        receivers.add(threads.submit(() -> receiveMany(pipe.first())));
      }
      for (Future<?> sender : senders) {
        sender.get(30, SECONDS);
      }
      for (int receiver = 0; receiver < 2; receiver++) {
        pipe.second().sendBytes(new byte[0]);
      }
      Set<String> received = new HashSet<>();
      int count = 0;
      for (Future<List<String>> receiver : receivers) {
        received.addAll(receiver.get(30, SECONDS));
        count += receiver.get().size();
      }
      assertThat(received).hasSize(4 * each);
      assertThat(count).isEqualTo(4 * each);
    }
  }

  /** Messages of many lengths, filled with a byte, behind their sender's name. */
  private static boolean sendMany(Connection connection, int sender, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      byte[] message = new byte[8 + (i % 7 == 0 ? 200_000 : i)];
      Arrays.fill(message, (byte) i);
      MemorySegment.ofArray(message).set(ValueLayout.JAVA_INT_UNALIGNED, 0, sender);
      MemorySegment.ofArray(message).set(ValueLayout.JAVA_INT_UNALIGNED, 4, i);
      connection.sendBytes(message);
    }
    return true;
  }

  private static List<String> receiveMany(Connection connection) throws Exception {
    List<String> received = new ArrayList<>();
    while (true) {
      byte[] message = connection.receiveBytes();
      if (message.length == 0) {
        return received;
      }
      int sender = MemorySegment.ofArray(message).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
      int number = MemorySegment.ofArray(message).get(ValueLayout.JAVA_INT_UNALIGNED, 4);
      assertThat(message).hasSize(8 + (number % 7 == 0 ? 200_000 : number));
      for (int i = 8; i < message.length; i++) {
        if (message[i] != (byte) number) {
          throw new AssertionError("another message's byte");
        }
      }
      received.add(sender + "/" + number);
    }
  }

  @Test
  void connection_sentThroughAConnection_connects() throws Exception {
    try (var pipe = Pipe.open();
        var inner = Pipe.open()) {
      var second = pipe.second();
      var child = ChildProcess.start(() -> second.receive(Connection.class).send("from inside"));
      pipe.first().send(inner.second());
      assertThat(inner.first().receive()).isEqualTo("from inside");
      child.join();
      assertThat(child.failure()).isEmpty();
    }
  }

  // waiting for any

  @Test
  void waitAny_forConnectionsProcessesAndFutures_returnsThoseThatAreReady() throws Exception {
    try (var one = Pipe.open();
        var other = Pipe.open();
        var about = Pipe.open();
        var child = receiving(about.second())) {
      CompletableFuture<Integer> future = new CompletableFuture<>();
      List<Object> all = List.of(one.first(), child, future, other.first());
      assertThat(Connection.waitAny(all, SHORT)).isEmpty();
      assertThat(Connection.waitAny(all, Duration.ofSeconds(-1))).isEmpty();

      other.second().send(1);
      one.second().send(2);
      assertThat(Connection.waitAny(all, SOON)).containsExactly(one.first(), other.first());
      assertThat(one.first().receive()).isEqualTo(2);
      assertThat(other.first().receive()).isEqualTo(1);

      Future<List<Object>> waiting = Aside.run(() -> Connection.waitAny(all, SOON));
      Thread.sleep(SHORT);
      future.complete(3);
      assertThat(waiting.get(10, SECONDS)).containsExactly(future);

      about.first().send("end");
      List<Object> rest = List.of(one.first(), child);
      assertThat(Connection.waitAny(rest, SOON)).containsExactly(child);

      one.second().close();
      assertThat(Connection.waitAny(rest, SOON)).containsExactly(one.first(), child);
    }
  }

  private static ChildProcess<?> receiving(Connection connection) {
    return ChildProcess.start(() -> connection.receive());
  }

  @Test
  void waitAny_forNothing_waitsItOut() throws Exception {
    long start = System.nanoTime();
    assertThat(Connection.waitAny(List.of(), SHORT)).isEmpty();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void waitAny_forSomethingElse_throws() {
    assertThatThrownBy(() -> Connection.waitAny(List.of("text"), SHORT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  @Test
  void waitAny_inAVirtualThread_andInterrupted() throws Exception {
    try (var pipe = Pipe.open()) {
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      Thread thread =
          Thread.startVirtualThread(
              () -> {
                try {
                  Connection.waitAny(List.of(pipe.first()), Duration.ofDays(1));
                } catch (Throwable e) {
                  outcome.complete(e);
                }
              });
      Thread.sleep(SHORT);
      thread.interrupt();
      assertThat(outcome.get(10, SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }
}
