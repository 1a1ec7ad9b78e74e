package dev.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.function.SerializableCallable;
import dev.procession.internal.segment.Block;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that go through encoder and decoder, and those that cannot. */
class CodecTest {
  @AfterAll
  static void leaveNoBlocks() {
    Block.keepNone();
  }

  record Point(int x, int y) {}

  record Shape(String name, List<Point> points) {}

  /** Has a field that no codec can know of. */
  static final class Thing implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // what this is about
    Object content;

    Thing(Object content) {
      this.content = content;
    }
  }

  static final class Stuck {}

  static Object roundTrip(Object value) {
    Frames frames = Encoder.encode(value, ClassTable.common());
    Decoder decoder = new Decoder(ClassTable.common());
    frames.shapes().forEach(shape -> decoder.define(shape.definition(ClassTable.common())));
    try {
      return decoder.decode(frames, 0);
    } finally {
      frames.discard();
    }
  }

  static boolean isCompact(Object value) {
    Frames frames = Encoder.encode(value, ClassTable.common());
    return frames.bytes()[Frames.HEADER] != Tag.JDK;
  }

  static Stream<Object> plainValues() {
    return Stream.of(
        true,
        false,
        (byte) -1,
        (short) -300,
        'x',
        0,
        -1,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 40,
        1.5f,
        Float.NaN,
        -0.0,
        Double.MAX_VALUE,
        "",
        "latin \u00e9",
        "wide \u4e16\u754c \ud83d\ude00 and a lone \ud800",
        new ArrayList<>(List.of(1, "two", 3.0)),
        List.of(),
        List.of(1),
        List.of(1, 2, 3),
        Stream.of("a", null).toList(),
        Set.of(1, 2),
        new HashSet<>(Arrays.asList(1, null)),
        new LinkedHashSet<>(List.of(3, 1, 2)),
        Map.of("a", 1, "b", 2),
        new HashMap<>(Map.of(1, List.of(2))),
        new LinkedHashMap<>(Map.of("k", "v")),
        new TreeMap<>(Map.of(2, "b", 1, "a")),
        Map.entry("key", 5),
        Optional.of(3),
        Optional.empty(),
        TimeUnit.SECONDS,
        Path.of("some", "file.txt"),
        new Point(1, -2),
        new Shape("triangle", List.of(new Point(0, 0), new Point(1, 0))));
  }

  @ParameterizedTest
  @MethodSource("plainValues")
  void roundTrip_plainValue_isEqualAndCompact(Object value) {
    assertThat(roundTrip(value)).isEqualTo(value).hasSameClassAs(value);
    assertThat(isCompact(value)).isTrue();
  }

  @Test
  void roundTrip_null_isNull() {
    assertThat(roundTrip(null)).isNull();
  }

  static Stream<Object> arrays() {
    return Stream.of(
        new byte[] {1, 2},
        new boolean[] {true, false},
        new short[] {-1},
        new char[] {'a'},
        new int[] {1, -2},
        new float[] {1.5f},
        new long[] {1L << 50},
        new double[] {Math.PI},
        new int[0],
        new String[] {"a", null},
        new Object[] {1, "x", new int[] {1}},
        new int[][] {{1}, {2, 3}},
        new Point[] {new Point(1, 2)});
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void roundTrip_array_isEqualAndCompact(Object array) {
    Object copy = roundTrip(array);

    assertThat(copy).hasSameClassAs(array);
    assertThat(Arrays.deepEquals(new Object[] {copy}, new Object[] {array})).isTrue();
    assertThat(isCompact(array)).isTrue();
  }

  @Test
  void roundTrip_largeArrays_goThroughABlock() {
    int[] ints = IntStream.range(0, 500_000).toArray();
    byte[] bytes = new byte[1_000_003];
    Arrays.fill(bytes, (byte) 7);
    boolean[] booleans = new boolean[100_000];
    booleans[77_777] = true;

    Frames frames = Encoder.encode(List.of(ints, bytes, booleans), ClassTable.common());
    List<?> copy = (List<?>) new Decoder(ClassTable.common()).decode(frames, 0);

    assertThat(frames.bytes().length).isLessThan(1_000);
    assertThat((int[]) copy.get(0)).isEqualTo(ints);
    assertThat((byte[]) copy.get(1)).isEqualTo(bytes);
    assertThat((boolean[]) copy.get(2)).isEqualTo(booleans);
    frames.discard();
    frames.discard();
  }

  @Test
  void roundTrip_longButNotOfArrays_goesThroughABlock() {
    List<Integer> list = IntStream.range(0, 100_000).boxed().toList();

    Frames frames = Encoder.encode(list, ClassTable.common());

    assertThat(frames.bytes().length).isLessThan(1_000);
    assertThat(roundTrip(list)).isEqualTo(list);
    frames.discard();
  }

  @Test
  void roundTrip_otherObjects_goThroughSerialization() {
    Object[] values = {
      new BigInteger("123456789012345678901234567890"), Duration.ofSeconds(5), new Thing("x")
    };
    Object[] copy = (Object[]) roundTrip(values);

    assertThat(copy[0]).isEqualTo(values[0]);
    assertThat(copy[1]).isEqualTo(values[1]);
    assertThat(((Thing) copy[2]).content).isEqualTo("x");
  }

  @Test
  void roundTrip_entriesAndOptionalsInsideSerializedObjects_travelToo() {
    Thing thing =
        new Thing(new ArrayList<>(List.of(Map.entry(1, 2), Optional.of("x"), Path.of("y"))));

    assertThat(((Thing) roundTrip(thing)).content)
        .isEqualTo(List.of(Map.entry(1, 2), Optional.of("x"), Path.of("y")));
  }

  @Test
  void roundTrip_treeMapWithComparator_keepsItsOrder() {
    TreeMap<String, Integer> map = new TreeMap<>(Comparator.reverseOrder());
    map.put("a", 1);
    map.put("b", 2);

    assertThat(((TreeMap<?, ?>) roundTrip(map)).firstKey()).isEqualTo("b");
  }

  @Test
  void roundTrip_whatIsShared_staysShared() {
    List<Integer> part = new ArrayList<>(List.of(1));
    List<?> copy = (List<?>) roundTrip(new ArrayList<>(List.of(part, part)));
    assertThat(copy.get(0)).isSameAs(copy.get(1));

    Thing thing = new Thing("x");
    copy = (List<?>) roundTrip(List.of(thing, thing));
    assertThat(copy.get(0)).isSameAs(copy.get(1));
  }

  @Test
  void roundTrip_cycles_stayCycles() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    List<?> copy = (List<?>) roundTrip(list);
    assertThat(copy.get(0)).isSameAs(copy);

    Object[] array = {null};
    array[0] = array;
    Object[] arrayCopy = (Object[]) roundTrip(array);
    assertThat(arrayCopy[0]).isSameAs(arrayCopy);

    Thing thing = new Thing(null);
    thing.content = List.of(thing);
    Thing thingCopy = (Thing) roundTrip(thing);
    assertThat(((List<?>) thingCopy.content).get(0)).isSameAs(thingCopy);
  }

  @Test
  void roundTrip_nestedDeeply_worksOrSaysSo() {
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    assertThat(roundTrip(deep)).isInstanceOf(ArrayList.class);

    for (int i = 0; i < 200_000; i++) {
      List<Object> around = new ArrayList<>();
      around.add(deep);
      deep = around;
    }
    Object tooDeep = deep;
    assertThatThrownBy(() -> roundTrip(tooDeep))
        .isInstanceOf(NotEncodableException.class)
        .hasMessageContaining("nested too deeply");
  }

  // lambdas

  @Test
  void roundTrip_lambda_worksWithWhatItCaptured() throws Exception {
    int number = 5;
    List<String> list = new ArrayList<>(List.of("a"));
    SerializableCallable<String> lambda = () -> list.get(0) + number;

    SerializableCallable<?> copy = (SerializableCallable<?>) roundTrip(lambda);
    list.set(0, "changed");

    assertThat(copy.call()).isEqualTo("a5");
  }

  @Test
  void roundTrip_methodReferencesAndLambdasInCollections_work() {
    Function<String, Integer> length = (Function<String, Integer> & Serializable) String::length;
    List<?> copy = (List<?>) roundTrip(List.of(length, length));

    assertThat(copy.get(0)).isSameAs(copy.get(1));
    assertThat(apply(copy.get(0), "four")).isEqualTo(4);
  }

  @SuppressWarnings("unchecked")
  private static Object apply(Object function, String argument) {
    return ((Function<String, Object>) function).apply(argument);
  }

  @Test
  void roundTrip_lambdaThatCapturedASerializableObject_works() throws Exception {
    Thing thing = new Thing("inside");
    SerializableCallable<Object> lambda = () -> thing.content;

    assertThat(((SerializableCallable<?>) roundTrip(lambda)).call()).isEqualTo("inside");
  }

  @Test
  void shapes_ofOneLambdaInTheSource_areOne() {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int captured = i;
      SerializableCallable<Integer> lambda = () -> captured;
      numbers.add(Encoder.encode(lambda, ClassTable.common()).shapes().getFirst().number());
    }
    assertThat(numbers.get(0)).isEqualTo(numbers.get(1));
  }

  // what cannot travel

  @Test
  void encode_capturedVariableCannotTravel_namesIt() {
    Map<String, Object> settings = Map.of("socket", new Thing(List.of(new Stuck())));
    SerializableCallable<Object> lambda = () -> settings.size();

    assertThatThrownBy(() -> Encoder.encode(lambda, ClassTable.common()))
        .isInstanceOf(NotEncodableException.class)
        .hasMessageContaining("class=" + Stuck.class.getName())
        .hasMessageContaining("path=settings[socket].content[0]");
  }

  @Test
  void encode_enclosingObjectCannotTravel_saysThis() {
    SerializableCallable<Object> lambda = () -> this.toString();

    assertThatThrownBy(() -> Encoder.encode(lambda, ClassTable.common()))
        .hasMessageContaining("class=" + CodecTest.class.getName())
        .hasMessageContaining("path=this. Make what the lambda uses of it static, the class");
  }

  @Test
  void encode_methodOfEnclosingObject_saysThis() {
    SerializableCallable<Object> reference = this::toString;

    assertThatThrownBy(() -> Encoder.encode(reference, ClassTable.common()))
        .hasMessageContaining("class=" + CodecTest.class.getName())
        .hasMessageContaining("path=this. Make what the lambda uses of it static, the class");
  }

  @Test
  void encode_methodOfAnotherObjectThatCannotTravel_doesNotSayThis() {
    Stuck stuck = new Stuck();
    SerializableCallable<Object> reference = stuck::toString;

    assertThatThrownBy(() -> Encoder.encode(reference, ClassTable.common()))
        .hasMessageContaining("class=" + Stuck.class.getName())
        .hasMessageContaining("path=captured variable 0. Make the class");
  }

  @Test
  void encode_lambdaWithoutSerializable_saysWhatToDo() {
    IntSupplier plain = () -> 1;
    SerializableCallable<Object> lambda = () -> plain.getAsInt();

    assertThatThrownBy(() -> Encoder.encode(lambda, ClassTable.common()))
        .hasMessageContaining("lambda is not Serializable")
        .hasMessageContaining("path=plain");
  }

  @Test
  void add_oneOfSeveralCannotTravel_leavesTheOthers() {
    Encoder encoder = new Encoder(ClassTable.common());
    encoder.add(1);
    assertThatThrownBy(() -> encoder.add(new Stuck())).isInstanceOf(NotEncodableException.class);
    encoder.add(2);
    Frames frames = encoder.take();

    Decoder decoder = new Decoder(ClassTable.common());
    assertThat(frames.count()).isEqualTo(2);
    assertThat(decoder.decode(frames, 0)).isEqualTo(1);
    assertThat(decoder.decode(frames, 1)).isEqualTo(2);
  }

  // failures

  static final class Odd extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // what this is about
    final Object detail;

    Odd(Object detail) {
      super("odd");
      this.detail = detail;
    }
  }

  @Test
  void failureForm_ofAnyThrowable_isItselfOrText() {
    FailureForm good =
        (FailureForm) roundTrip(FailureForm.of(new Odd("fine"), ClassTable.common()));
    FailureForm bad =
        (FailureForm) roundTrip(FailureForm.of(new Odd(new Stuck()), ClassTable.common()));

    assertThat(good.rebuild(ClassTable.common())).isInstanceOf(Odd.class).hasMessage("odd");
    assertThat(bad.rebuild(ClassTable.common())).isNull();
    assertThat(bad.type()).isEqualTo(Odd.class.getName());
    assertThat(bad.trace()).contains("failureForm_ofAnyThrowable_isItselfOrText");
  }

  /** Throws an error when it is asked for one thing. */
  private static final class Evasive extends Exception {
    private static final long serialVersionUID = 1L;
    private final String question;
    private final Error answer;

    Evasive(String question, Error answer) {
      super("evasive");
      this.question = question;
      this.answer = answer;
    }

    private void hear(String asked) {
      if (asked.equals(question)) {
        throw answer;
      }
    }

    @Override
    public String getMessage() {
      hear("message");
      return super.getMessage();
    }

    @Override
    public synchronized Throwable getCause() {
      hear("cause");
      return super.getCause();
    }

    @Override
    public void printStackTrace(PrintWriter writer) {
      super.printStackTrace(writer);
      hear("trace");
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      hear("form");
      out.defaultWriteObject();
    }
  }

  static Stream<Error> evasions() {
    return Stream.of(new LinkageError("expected"), new OutOfMemoryError("expected"));
  }

  @ParameterizedTest
  @MethodSource("evasions")
  void failureForm_ofOneThatFailsToAnswer_saysTheRest(Error evasion) {
    for (String question : List.of("message", "cause", "trace", "form")) {
      FailureForm form =
          (FailureForm)
              roundTrip(FailureForm.of(new Evasive(question, evasion), ClassTable.common()));

      assertThat(form.type()).isEqualTo(Evasive.class.getName());
      assertThat(form.message()).isEqualTo(question.equals("message") ? null : "evasive");
      assertThat(form.trace())
          .contains(Evasive.class.getName())
          .contains("\tat ")
          .contains("failureForm_ofOneThatFailsToAnswer_saysTheRest");
      assertThat(form.rebuild(ClassTable.common())).isNull();
    }
  }

  @Test
  void failureForm_ofAnEndlessChainOfCauses_hasWhatCouldBePrinted() {
    Exception deep = new IOException("first");
    for (int i = 0; i < 100_000; i++) {
      deep = new IOException("next", deep);
    }
    FailureForm form = FailureForm.of(new IOException("last", deep), ClassTable.common());

    assertThat(form.message()).isEqualTo("last");
    assertThat(form.trace())
        .startsWith("java.io.IOException: last")
        .contains("Caused by: java.io.IOException: next")
        .contains("java.lang.StackOverflowError");
    assertThat(form.rebuild(ClassTable.common())).isNull();
  }

  @Test
  void encode_whileAnotherThreadUsesTheDecoder_isIndependent() throws InterruptedException {
    Frames frames = Encoder.encode(new Point(3, 4), ClassTable.common());
    Decoder decoder = new Decoder(ClassTable.common());
    AtomicInteger good = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int k = 0; k < 1_000; k++) {
                      if (new Point(3, 4).equals(decoder.decode(frames, 0))) {
                        good.incrementAndGet();
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(good).hasValue(4_000);
  }
}
