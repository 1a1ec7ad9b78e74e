package dev.procession.internal.interpreter;

import dev.procession.internal.codec.Attachment;
import dev.procession.internal.codec.ClassTable;
import dev.procession.internal.codec.Decoder;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.LambdaShape;
import dev.procession.internal.codec.NotDecodableException;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.codec.Reference;
import dev.procession.internal.launch.CurrentClasses;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way from one world to another, or to what is outside: as it is, if it is the same
 * everywhere, or encoded. Keeps nothing of the world that it is from. Thread-safe.
 */
public final class Crossing {
  private static final byte[] NO_BYTES = {};
  private static final Shape[] NO_SHAPES = {};

  /** Null. */
  public static final Crossing NOTHING = new Crossing(null, Set.of());

  /** A lambda shape, as the other side learns it. */
  private record Shape(int number, byte[] definition) {}

  private final @Nullable Object itself;

  /** Classes that have to be those outside where it arrives, so that it crosses as it is. */
  private final Set<Class<?>> shared;

  /** Its frame, or empty if it crosses as it is. */
  private final byte[] bytes;

  private final Shape[] shapes;
  private final List<Attachment> attachments;

  private Crossing(@Nullable Object itself, Set<Class<?>> shared) {
    this.itself = itself;
    this.shared = shared;
    this.bytes = NO_BYTES;
    this.shapes = NO_SHAPES;
    this.attachments = List.of();
  }

  private Crossing(byte[] bytes, Shape[] shapes, List<Attachment> attachments) {
    this.itself = null;
    this.shared = Set.of();
    this.bytes = bytes;
    this.shapes = shapes;
    this.attachments = attachments;
  }

  /** Whether a value crosses without being encoded. */
  public static boolean isShareable(@Nullable Object value) {
    return Shareable.isShareable(value);
  }

  /** Objects of a class of this library cross as they are: they hold nothing of any world. */
  public static void asItself(Class<?> type) {
    Shareable.add(type);
  }

  /**
   * A value as it is now.
   *
   * @param from how the classes are named where it is
   * @throws NotEncodableException if it cannot cross; names what in it cannot
   */
  public static Crossing of(@Nullable Object value, ClassTable from) {
    Set<Class<?>> shared = Shareable.mustBeShared(value);
    return shared == null ? encoded(value, from) : new Crossing(Shareable.copy(value), shared);
  }

  private static Crossing encoded(@Nullable Object value, ClassTable from) {
    Encoder encoder = Encoder.withinProcess(from, Shareable::crossesAsItself);
    encoder.add(value);
    List<Attachment> attachments = encoder.attachments();
    Frames frames = encoder.take();
    return new Crossing(frames.bytes(), shapes(frames.shapes(), from), attachments);
  }

  private static Shape[] shapes(List<LambdaShape> used, ClassTable from) {
    Shape[] shapes = used.isEmpty() ? NO_SHAPES : new Shape[used.size()];
    for (int i = 0; i < shapes.length; i++) {
      LambdaShape shape = used.get(i);
      shapes[i] = new Shape(shape.number(), shape.definition(from));
    }
    return shapes;
  }

  /** Bytes that it takes. */
  public int length() {
    return bytes.length;
  }

  /**
   * The value where it arrives; may run code of its classes.
   *
   * @param to the world, or null for what is outside
   * @throws NotDecodableException if it cannot be had there
   */
  public @Nullable Object arrive(@Nullable World to) {
    if (bytes.length == 0) {
      return to == null || to.hasInCommon(shared) ? Shareable.copy(itself) : arriveEncoded(to);
    }
    // what is outside learns nothing that it would have to forget
    Decoder decoder = to == null ? new Decoder(CurrentClasses.outside()) : to.decoder();
    for (Shape shape : shapes) {
      if (!decoder.knows(shape.number())) {
        decoder.define(shape.definition());
      }
    }
    return Reference.decode(attachments, () -> decoder.decode(bytes, 0, bytes.length, false));
  }

  private @Nullable Object arriveEncoded(World to) {
    Crossing encoded = encoded(itself, CurrentClasses.outside());
    try {
      return encoded.arrive(to);
    } finally {
      encoded.discard();
    }
  }

  /** Nobody will receive it any more. Idempotent. */
  public void discard() {
    attachments.forEach(Attachment::free);
  }
}
