package dev.procession.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.shared.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SocketEndTest {
  private static final int LONGEST = 40_000;

  /** What a receiver may give for a message. */
  private static final List<IntFunction<MemorySegment>> ROOMS =
      List.of(
          size -> MemorySegment.ofArray(new byte[size]),
          size -> MemorySegment.ofArray(new long[size / Long.BYTES + 1]),
          size -> Arena.ofAuto().allocate(Math.max(1, size)));

  /** What is written can be read, in pieces that end anywhere. */
  private static final class Echo implements Wire {
    private final ByteBuffer bytes = ByteBuffer.allocate(2 * LONGEST);
    private final Random random;

    Echo(Random random) {
      this.random = random;
    }

    @Override
    public int read(ByteBuffer target) {
      bytes.flip();
      int there = Math.min(bytes.remaining(), target.remaining());
      int count = random.nextBoolean() ? there : random.nextInt(there + 1);
      target.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count).compact();
      return count;
    }

    @Override
    public boolean write(ByteBuffer source) {
      bytes.put(source);
      return true;
    }

    @Override
    public boolean awaitReadable(Deadline deadline) {
      return bytes.position() > 0;
    }

    @Override
    public boolean awaitWritable(Deadline deadline) {
      return true;
    }

    @Override
    public void watch(Runnable told) {}

    @Override
    public void close() {}
  }

  /** So many that what copies is compiled, and compiled again as other lengths come. */
  @Test
  void messages_ofAnyLengthInPiecesOfAnyLength_arriveWhole() throws Exception {
    Random random = new Random(1);
    SocketEnd end = new SocketEnd(new Echo(random), LONGEST, null);
    for (int round = 0; round < 300; round++) {
      int longest = round % 50 == 0 ? LONGEST : 1 + random.nextInt(100);
      for (int i = 0; i < 200; i++) {
        byte[] message = new byte[random.nextInt(longest + 1)];
        random.nextBytes(message);
        MemorySegment[] room = {MemorySegment.NULL};

        end.send(MemorySegment.ofArray(message), List.of());
        end.receive(
            length -> room[0] = ROOMS.get(random.nextInt(ROOMS.size())).apply((int) length));

        byte[] received = room[0].asSlice(0, message.length).toArray(ValueLayout.JAVA_BYTE);
        assertThat(Arrays.equals(received, message)).as("length=%s", message.length).isTrue();
      }
    }
  }
}
