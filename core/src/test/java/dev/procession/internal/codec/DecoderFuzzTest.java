package dev.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.procession.function.SerializableCallable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Feeds the decoder with frames that are nearly right, and with noise. Each must give a value or a
 * {@link NotDecodableException}, and allocate no more than its length justifies.
 */
class DecoderFuzzTest {
  private static final int MUTANTS = 100_000;
  private static final int NOISE = 20_000;

  /** What a frame may cost beside its own length: exceptions, streams, class names. */
  private static final long ALLOCATION_BASE = 512 * 1024;

  private static final long ALLOCATION_PER_BYTE = 1024;

  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Decoder decoder = new Decoder(ClassTable.common());

  private List<byte[]> seeds() {
    int captured = 3;
    SerializableCallable<Object> lambda = () -> captured;
    List<Object> values =
        List.of(
            1,
            "text",
            "\u4e16",
            new int[] {1, 2, 3},
            new String[] {"a"},
            new ArrayList<>(List.of(1, 2, List.of("x"))),
            Set.of(1),
            Map.of("k", 1, "l", 2.5),
            Map.entry(1, 2),
            Optional.of(1),
            Thread.State.NEW,
            new CodecTest.Point(1, 2),
            new CodecTest.Shape("s", List.of(new CodecTest.Point(1, 2))),
            new IllegalStateException("serialized"),
            new CodecTest.Thing(new ArrayList<>(List.of(1L))),
            lambda);
    List<byte[]> seeds = new ArrayList<>();
    for (Object value : values) {
      Frames frames = Encoder.encode(value, ClassTable.common());
      frames.shapes().forEach(shape -> decoder.define(shape.definition(ClassTable.common())));
      seeds.add(frames.bytes());
    }
    return seeds;
  }

  @Test
  void decode_mutatedFrames_giveAValueOrACleanError() {
    List<byte[]> seeds = seeds();
    Random random = new Random(42);
    int values = 0;
    int errors = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] frame = mutate(seeds.get(random.nextInt(seeds.size())), random);
      if (decodes(frame)) {
        values++;
      } else {
        errors++;
      }
    }
    assertThat(values).isGreaterThan(1_000); // otherwise it does not test what it says
    assertThat(errors).isGreaterThan(1_000);
  }

  @Test
  void decode_noise_givesAValueOrACleanError() {
    Random random = new Random(43);
    for (int i = 0; i < NOISE; i++) {
      byte[] value = new byte[random.nextInt(64)];
      random.nextBytes(value);
      if (value.length > 0) {
        value[0] = (byte) random.nextInt(Tag.IN_BLOB + 2);
      }
      decodes(framed(value));
    }
  }

  @Test
  void define_noise_givesACleanError() {
    Random random = new Random(44);
    for (int i = 0; i < NOISE; i++) {
      byte[] definition = new byte[random.nextInt(32)];
      random.nextBytes(definition);
      try {
        new Decoder(ClassTable.common()).define(definition);
      } catch (NotDecodableException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private boolean decodes(byte[] frame) {
    long before = memory.getCurrentThreadAllocatedBytes();
    boolean decoded = false;
    try {
      decoder.decode(frame, 0, frame.length, true);
      decoded = true;
    } catch (NotDecodableException e) {
      assertThat(e.getMessage()).isNotNull();
    }
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(ALLOCATION_BASE + ALLOCATION_PER_BYTE * frame.length);
    return decoded;
  }

  /** Changes some bytes of the value, and sometimes the lengths in front of it. */
  private static byte[] mutate(byte[] seed, Random random) {
    byte[] mutant = seed.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      boolean header = random.nextInt(20) == 0;
      int at =
          header
              ? random.nextInt(Frames.HEADER)
              : Frames.HEADER + random.nextInt(mutant.length - Frames.HEADER);
      mutant[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (mutant[at] ^ (1 << random.nextInt(8)));
            default -> (byte) random.nextInt(Tag.IN_BLOB + 2);
          };
    }
    return mutant;
  }

  private static byte[] framed(byte[] value) {
    Output output = new Output();
    output.writeFixed(0, Frames.HEADER);
    output.patchInt(0, value.length);
    output.write(value, 0, value.length);
    return output.toByteArray();
  }
}
