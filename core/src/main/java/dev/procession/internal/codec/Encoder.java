package dev.procession.internal.codec;

import java.io.IOException;
import java.io.NotSerializableException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into frames. A value is written as one <i>unit</i>: compact if everything in it has
 * a compact form, otherwise by JDK serialization as a whole, so that what two parts share is shared
 * on the other side as well.
 *
 * <p>Reusable, for one thread at a time.
 */
public final class Encoder {
  /** Deeper values go to JDK serialization, which is no deeper but says so in its own way. */
  static final int MAX_DEPTH = 200;

  private static final byte[] NO_PATH = {};

  /** Ends of single frames, by length. */
  private static final int[] @Nullable [] SINGLE_ENDS = new int[256][];

  private final ClassTable classes;
  private final int blobThreshold;
  private final @Nullable Predicate<Object> asItself;
  private final Output output = new Output();
  private final List<LambdaShape> shapes = new ArrayList<>();
  private final IdentityHashMap<Object, Integer> containers = new IdentityHashMap<>();

  /** Values that do not exist on the other side before all their parts do, being written. */
  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<Integer, List<Attachment>> attachments = new HashMap<>();
  private int[] ends = new int[8];
  private int count;

  /** Of the frame being written. */
  private @Nullable Blob blob;

  /** What the current frame has outside of its bytes, if anything. */
  private @Nullable Attachments attached;

  /** Whether the frame being written names a class. */
  private boolean typed;

  public Encoder(ClassTable classes) {
    this(classes, Blob.THRESHOLD, null);
  }

  private Encoder(ClassTable classes, int blobThreshold, @Nullable Predicate<Object> asItself) {
    this.classes = classes;
    this.blobThreshold = blobThreshold;
    this.asItself = asItself;
  }

  /** An encoder whose frames have everything in themselves, however large. */
  public static Encoder withoutBlobs(ClassTable classes) {
    return new Encoder(classes, Integer.MAX_VALUE, null);
  }

  /**
   * An encoder of what this process itself decodes: everything is in the frames.
   *
   * @param asItself what in a value arrives as the same object
   */
  public static Encoder withinProcess(ClassTable classes, Predicate<Object> asItself) {
    return new Encoder(classes, Integer.MAX_VALUE, asItself);
  }

  /**
   * Encodes a value as it is now, as the next frame.
   *
   * @throws NotEncodableException if something in it cannot travel; names it, and leaves the frames
   *     before it as they were
   * @throws java.io.UncheckedIOException if there is no room for its large arrays; likewise
   */
  public void add(@Nullable Object value) {
    int start = output.length();
    boolean done = false;
    try {
      output.writeFixed(0, Frames.HEADER);
      unit(value);
      finishFrame(start);
      done = true;
    } catch (NotSerializableException | StackOverflowError e) {
      throw Culprit.find(value, classes).describe(e, asItself == null ? "process" : "interpreter");
    } catch (IOException e) {
      throw new NotEncodableException("value cannot be serialized: " + e.getMessage(), e);
    } finally {
      if (!done) {
        output.truncate(start);
        if (attached != null) {
          attached.free();
        }
      }
      forgetContainers();
      blob = null;
      attached = null;
      typed = false;
    }
  }

  /** Clearing walks the whole table, so an empty one is left alone. */
  private void forgetContainers() {
    if (!containers.isEmpty()) {
      containers.clear();
    }
    if (!open.isEmpty()) {
      open.clear();
    }
  }

  private void finishFrame(int start) {
    int valueStart = start + Frames.HEADER;
    int length = output.length() - valueStart;
    if (length > blobThreshold) {
      long offset =
          blob(length).append(MemorySegment.ofArray(output.array()).asSlice(valueStart, length));
      output.truncate(valueStart);
      output.write(Tag.IN_BLOB);
      output.writeCount(length);
      output.writeCount(offset);
      length = output.length() - valueStart;
    }
    byte[] path = NO_PATH;
    if (blob != null) {
      path = blob.path().toString().getBytes(StandardCharsets.UTF_8);
      output.write(path, 0, path.length);
    }
    if (attached != null) {
      attachments.put(count, List.copyOf(attached.all()));
    }
    output.patchInt(start, length);
    output.patchInt(start + Integer.BYTES, typed ? path.length | Frames.TYPED : path.length);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = output.length();
  }

  /** How many bytes the frames have so far. */
  public int length() {
    return output.length();
  }

  /** The lambda shapes of the frames so far; until the next is added. */
  public List<LambdaShape> shapes() {
    return shapes;
  }

  /** The bytes of the frames so far, of which {@link #length} count; until the next is added. */
  public byte[] array() {
    return output.array();
  }

  /** What the frames so far have outside of their bytes; to be freed by who knows when. */
  public List<Attachment> attachments() {
    return attachments.isEmpty()
        ? List.of()
        : attachments.values().stream().flatMap(List::stream).toList();
  }

  private Attachments attached() {
    Attachments current = attached;
    if (current == null) {
      current = new Attachments();
      attached = current;
    }
    return current;
  }

  /** Forgets the frames; their attachments stay, for whoever was sent them. */
  public void reset() {
    output.truncate(0);
    count = 0;
    if (!shapes.isEmpty()) {
      shapes.clear();
    }
    if (!attachments.isEmpty()) {
      attachments.clear();
    }
  }

  /** The frames added since the last call. */
  public Frames take() {
    Frames frames =
        Frames.of(
            output.toByteArray(),
            count == 1 ? singleEnd(ends[0]) : Arrays.copyOf(ends, count),
            shapes.size() == 1 ? shapes.getFirst().alone() : List.copyOf(shapes),
            attachments.isEmpty() ? Map.of() : Map.copyOf(attachments));
    reset();
    return frames;
  }

  /** Small tasks are alike, and many may wait. */
  private static int[] singleEnd(int end) {
    if (end >= SINGLE_ENDS.length) {
      return new int[] {end};
    }
    int[] known = SINGLE_ENDS[end];
    if (known == null) {
      known = new int[] {end};
      SINGLE_ENDS[end] = known; // threads that race make equal ones
    }
    return known;
  }

  /** One value as frames. */
  public static Frames encode(@Nullable Object value, ClassTable classes) {
    Encoder encoder = new Encoder(classes);
    encoder.add(value);
    return encoder.take();
  }

  private void unit(@Nullable Object value) throws IOException {
    int start = output.length();
    if (compact(value, 0)) {
      return;
    }
    output.truncate(start);
    forgetContainers();
    if (value != null && Lambdas.isLambda(value)) {
      Lambdas.Parts parts = Lambdas.parts(value);
      output.write(Tag.LAMBDA_AND_UNIT);
      shape(parts.shape());
      unit(parts.captured());
      return;
    }
    typed = true;
    output.write(Tag.JDK);
    attached()
        .during(
            () -> {
              JdkForm.write(value, output, classes, asItself);
              return true;
            });
  }

  /** No switch over types: the first one costs a starting JVM more than all else here. */
  private boolean compact(@Nullable Object value, int depth) {
    if (value == null) {
      output.write(Tag.NULL);
    } else if (value instanceof String string) {
      output.writeString(string);
    } else if (value instanceof Integer number) {
      signed(Tag.INT, number);
    } else if (value instanceof Long number) {
      signed(Tag.LONG, number);
    } else if (value instanceof Double number) {
      fixed(Tag.DOUBLE, Double.doubleToRawLongBits(number), Double.BYTES);
    } else if (value instanceof Boolean bool) {
      output.write(bool ? Tag.TRUE : Tag.FALSE);
    } else if (value instanceof Byte number) {
      fixed(Tag.BYTE, number, Byte.BYTES);
    } else if (value instanceof Short number) {
      fixed(Tag.SHORT, number, Short.BYTES);
    } else if (value instanceof Character character) {
      fixed(Tag.CHAR, character, Character.BYTES);
    } else if (value instanceof Float number) {
      fixed(Tag.FLOAT, Float.floatToRawIntBits(number), Float.BYTES);
    } else if (value instanceof Enum<?> constant) {
      enumeration(constant);
    } else {
      return container(value, depth);
    }
    return true;
  }

  private void signed(int tag, long value) {
    output.write(tag);
    output.writeSigned(value);
  }

  private void fixed(int tag, long value, int width) {
    output.write(tag);
    output.writeFixed(value, width);
  }

  private void enumeration(Enum<?> constant) {
    output.write(Tag.ENUM);
    type(constant.getDeclaringClass());
    output.writeString(constant.name());
  }

  private boolean container(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      return false;
    }
    Integer same = containers.putIfAbsent(value, containers.size());
    if (same != null) {
      output.write(Tag.SAME);
      output.writeCount(same);
      return !open.contains(value);
    }
    if (value.getClass().isArray()) {
      return array(value, depth);
    }
    if (Compact.isMutable(value)) {
      return collection(value, depth);
    }
    // the other side makes these when it has their parts: a part that leads back here cannot be
    open.add(value);
    boolean done;
    if (value instanceof Record) {
      done = record(value, depth);
    } else if (value instanceof Collection || value instanceof Map) {
      done = collection(value, depth);
    } else {
      done = other(value, depth);
    }
    open.remove(value);
    return done;
  }

  private boolean array(Object array, int depth) {
    Primitives kind = Primitives.of(array);
    if (kind == null) {
      output.write(Tag.OBJECTS);
      type(array.getClass().getComponentType());
      return all((@Nullable Object[]) array, depth);
    }
    MemorySegment memory = kind.memory(array);
    boolean large = memory.byteSize() >= blobThreshold;
    output.write(large ? Tag.PRIMITIVES_IN_BLOB : Tag.PRIMITIVES);
    output.write(kind.code());
    output.writeCount(memory.byteSize() / kind.width());
    if (large) {
      output.writeCount(blob(memory.byteSize()).append(memory));
    } else {
      output.writeMemory(memory);
    }
    return true;
  }

  private Blob blob(long size) {
    Blob current = blob;
    if (current == null) {
      current = Blob.create(size);
      blob = current;
      attached().put(current);
    }
    return current;
  }

  private boolean collection(Object value, int depth) {
    int tag = Compact.tagOf(value.getClass());
    if (tag == Tag.NULL) {
      return other(value, depth); // a handle may be a collection too
    }
    if (value instanceof SortedMap<?, ?> sorted && sorted.comparator() != null) {
      return false;
    }
    output.write(tag);
    if (value instanceof Map<?, ?> map) {
      return map(map, depth);
    }
    return all(((Collection<?>) value).toArray(), depth);
  }

  private boolean all(@Nullable Object[] elements, int depth) {
    output.writeCount(elements.length);
    for (Object element : elements) {
      if (!compact(element, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean map(Map<?, ?> map, int depth) {
    output.writeCount(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!compact(entry.getKey(), depth + 1) || !compact(entry.getValue(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean record(Object value, int depth) {
    RecordForm form = RecordForm.of(value.getClass());
    if (!classes.isOpen(value.getClass()) || value.getClass().isHidden()) {
      return false;
    }
    output.write(Tag.RECORD);
    type(value.getClass());
    output.writeCount(form.size());
    for (int i = 0; i < form.size(); i++) {
      if (!compact(form.component(value, i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean other(Object value, int depth) {
    if (value.getClass() == Compact.ENTRY) {
      Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
      output.write(Tag.ENTRY);
      return compact(entry.getKey(), depth + 1) && compact(entry.getValue(), depth + 1);
    }
    if (value instanceof Optional<?> optional) {
      output.write(Tag.OPTIONAL);
      return compact(optional.orElse(null), depth + 1);
    }
    if (Compact.isPlainPath(value)) {
      output.write(Tag.PATH);
      output.writeString(value.toString());
      return true;
    }
    if (HandleForm.isHandle(value)) {
      output.write(Tag.HANDLE);
      return compact(attached().during(() -> HandleForm.replacement(value)), depth + 1);
    }
    if (asItself != null && asItself.test(value)) {
      output.write(Tag.HANDLE);
      return compact(attached().during(() -> Reference.to(value)), depth + 1);
    }
    if (!Lambdas.isLambda(value)) {
      return false;
    }
    Lambdas.Parts parts = Lambdas.parts(value);
    output.write(Tag.LAMBDA);
    shape(parts.shape());
    return all(parts.captured(), depth);
  }

  private void shape(LambdaShape shape) {
    typed = true;
    output.writeCount(shape.number());
    if (!shapes.contains(shape)) {
      shapes.add(shape);
    }
  }

  private void type(Class<?> type) {
    typed = true;
    output.writeCount(classes.loaderOf(type));
    output.writeString(type.getName());
  }
}
