package dev.procession.internal.codec;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Encoded values, one behind the other, each in a frame:
 *
 * <pre>
 *   ┌──────────────┬─────────────┬────────────┬──────────────────┐
 *   │ value length │ path length │ value      │ path of its blob │
 *   │ 4 bytes      │ 4 bytes     │ see Tag    │ UTF-8, or empty  │
 *   └──────────────┴─────────────┴────────────┴──────────────────┘
 * </pre>
 *
 * The lengths are in the byte order of the machine. The highest bit of the path length is set where
 * decoding the value may run code of its own classes.
 *
 * <p>A million tasks that wait have as many of these, hence a class for those few that have more
 * than bytes.
 */
public sealed class Frames {
  static final int HEADER = 8;
  static final int TYPED = 1 << 31;
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final byte[] bytes;

  /** Where each frame ends; a frame starts where the one before ends. */
  private final int[] ends;

  private final List<LambdaShape> shapes;

  private Frames(byte[] bytes, int[] ends, List<LambdaShape> shapes) {
    this.bytes = bytes;
    this.ends = ends;
    this.shapes = shapes;
  }

  /** Some of which have something outside of their bytes; those without are missing in the map. */
  private static final class Attached extends Frames {
    private final Map<Integer, List<Attachment>> attachments;

    Attached(
        byte[] bytes,
        int[] ends,
        List<LambdaShape> shapes,
        Map<Integer, List<Attachment>> attachments) {
      super(bytes, ends, shapes);
      this.attachments = attachments;
    }

    @Override
    public void discard(int index) {
      attachments.getOrDefault(index, List.of()).forEach(Attachment::free);
    }

    @Override
    public void discard() {
      attachments.keySet().forEach(this::discard);
    }
  }

  static Frames of(
      byte[] bytes,
      int[] ends,
      List<LambdaShape> shapes,
      Map<Integer, List<Attachment>> attachments) {
    return attachments.isEmpty()
        ? new Frames(bytes, ends, shapes)
        : new Attached(bytes, ends, shapes, attachments);
  }

  /** Bytes of all frames; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The lambda shapes that the other side must know before it decodes these. */
  public List<LambdaShape> shapes() {
    return shapes;
  }

  /** How long the frame is that begins at an offset of an array. */
  public static int length(byte[] bytes, int offset) {
    return Math.addExact(
        HEADER, Math.addExact(valueLength(bytes, offset), pathLength(bytes, offset)));
  }

  /** Whether decoding the frame that begins at an offset may run code of the value's classes. */
  public static boolean isTyped(byte[] bytes, int offset) {
    return (readInt(bytes, offset + Integer.BYTES) & TYPED) != 0;
  }

  static int valueLength(byte[] bytes, int offset) {
    return readInt(bytes, offset);
  }

  static int pathLength(byte[] bytes, int offset) {
    return readInt(bytes, offset + Integer.BYTES) & ~TYPED;
  }

  /** By hand: a buffer around the bytes is an object for each frame. */
  private static int readInt(byte[] bytes, int at) {
    int value =
        (bytes[at] & 0xFF)
            | (bytes[at + 1] & 0xFF) << 8
            | (bytes[at + 2] & 0xFF) << 16
            | (bytes[at + 3] & 0xFF) << 24;
    return LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
  }

  public int count() {
    return ends.length;
  }

  /** Where a frame starts; for the count, where the last ends. */
  public int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** Frees what lies outside the bytes of a frame: nobody will decode it any more. */
  public void discard(int index) {
    // there is nothing
  }

  /** Frees what lies outside the bytes of all frames. */
  public void discard() {
    // there is nothing
  }
}
