package dev.procession.internal.codec;

import dev.procession.internal.os.FailureText;
import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns frames into values. Knows the lambda shapes that the other side has defined; thread-safe.
 *
 * <p>Whatever the bytes are, the outcome is a value or a {@link NotDecodableException}, and nothing
 * larger than the bytes justify is allocated. Errors of the JVM in code of the values' own classes
 * pass through.
 */
public final class Decoder {
  /** How many decoders with a filter are at work in a thread, one within the other. */
  private static final ThreadLocal<Integer> OF_STRANGER = ThreadLocal.withInitial(() -> 0);

  private final ClassTable classes;
  private final @Nullable ObjectInputFilter filter;
  private final Map<Integer, Shape> shapes = new ConcurrentHashMap<>();

  public Decoder(ClassTable classes) {
    this(classes, null);
  }

  /**
   * @param filter what values may be made of, as their sender is not trusted; or null if it is
   */
  public Decoder(ClassTable classes, @Nullable ObjectInputFilter filter) {
    this.classes = filter == null ? classes : new FilteredClasses(classes, filter);
    this.filter = filter;
  }

  /** Learns a shape from {@link LambdaShape#definition}. */
  public void define(byte[] definition) {
    Input input = new Input(definition, 0, definition.length);
    int number = (int) input.readCount();
    int loader = (int) input.readCount();
    int kind = (int) input.readCount();
    String[] strings = new String[LambdaShape.STRINGS];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = input.readString();
    }
    shapes.put(number, new Shape(loader, kind, strings));
  }

  /** Whether a shape was defined. */
  public boolean knows(int number) {
    return shapes.containsKey(number);
  }

  /**
   * Decodes the value of a frame.
   *
   * @param freeBlob whether to free the blob, as nobody else will decode the frame
   * @throws NotDecodableException if the bytes are not a value here
   */
  public @Nullable Object decode(byte[] bytes, int from, int length, boolean freeBlob) {
    Later frame = open(bytes, from, length);
    try {
      return frame.decode();
    } finally {
      if (freeBlob) {
        frame.discard();
      }
    }
  }

  /**
   * Takes a frame out of the bytes, to be decoded by whoever wants the value: that may run code of
   * the value's classes.
   *
   * @throws NotDecodableException if the bytes are not a frame
   */
  public Later later(byte[] bytes, int from, int length) {
    Later frame = open(bytes, from, length);
    byte[] value = Arrays.copyOfRange(bytes, frame.start, frame.start + frame.length);
    return new Later(value, 0, value.length, frame.blob);
  }

  private Later open(byte[] bytes, int from, int length) {
    if (length < Frames.HEADER || from < 0 || from > bytes.length - length) {
      throw new NotDecodableException("frame too short: length=" + length);
    }
    int valueLength = Frames.valueLength(bytes, from);
    int pathLength = Frames.pathLength(bytes, from);
    if (valueLength < 0
        || pathLength < 0
        || valueLength > length - Frames.HEADER
        || pathLength != length - Frames.HEADER - valueLength) {
      throw new NotDecodableException("frame of another length: value=" + valueLength);
    }
    int start = from + Frames.HEADER;
    Blob blob = null;
    if (pathLength > 0) {
      if (filter != null) {
        throw new NotDecodableException("a frame of a stranger names a file");
      }
      blob = Blob.at(new String(bytes, start + valueLength, pathLength, StandardCharsets.UTF_8));
    }
    return new Later(bytes, start, valueLength, blob);
  }

  /** A frame that has not been decoded. */
  public final class Later {
    private final byte[] bytes;
    private final int start;
    private final int length;
    private final @Nullable Blob blob;

    Later(byte[] bytes, int start, int length, @Nullable Blob blob) {
      this.bytes = bytes;
      this.start = start;
      this.length = length;
      this.blob = blob;
    }

    /**
     * Decodes the value.
     *
     * @throws NotDecodableException if the bytes are not a value here
     */
    public @Nullable Object decode() {
      return value(new Input(bytes, start, length), blob, blob != null);
    }

    /** Frees its blob: nobody will decode it any more. Idempotent. */
    public void discard() {
      if (blob != null) {
        blob.free();
      }
    }
  }

  /** Decodes one frame of several; leaves its blob alone. */
  public @Nullable Object decode(Frames frames, int index) {
    int start = frames.start(index);
    return decode(frames.bytes(), start, frames.start(index + 1) - start, false);
  }

  /** Whether this thread decodes what comes from a sender who is not trusted. */
  public static boolean isOfStranger() {
    return OF_STRANGER.get() > 0;
  }

  private @Nullable Object value(Input input, @Nullable Blob blob, boolean mayBeInBlob) {
    if (filter == null) {
      return trusted(input, blob, mayBeInBlob);
    }
    OF_STRANGER.set(OF_STRANGER.get() + 1);
    try {
      return trusted(input, blob, mayBeInBlob);
    } finally {
      OF_STRANGER.set(OF_STRANGER.get() - 1);
    }
  }

  private @Nullable Object trusted(Input input, @Nullable Blob blob, boolean mayBeInBlob) {
    try {
      boolean inBlob = mayBeInBlob && input.peek() == Tag.IN_BLOB;
      Object value = inBlob ? spilled(input, blob) : new Unit(input, blob).read();
      if (input.remaining() > 0) {
        throw new NotDecodableException("bytes behind the value: count=" + input.remaining());
      }
      return value;
    } catch (NotDecodableException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      throw new NotDecodableException("value cannot be decoded: " + FailureText.description(e), e);
    }
  }

  private @Nullable Object spilled(Input input, @Nullable Blob blob) {
    input.read();
    byte[] bytes = (byte[]) new Unit(input, blob).large(Primitives.BYTES);
    return value(new Input(bytes, 0, bytes.length), blob, false);
  }

  /** A shape that the other side defined; linked when first used. */
  private final class Shape {
    private final int loader;
    private final int kind;
    private final String[] strings;
    private volatile @Nullable Class<?> capturing;

    /** Null if the class is in a module that is not open to this library. */
    private volatile @Nullable Method factory;

    Shape(int loader, int kind, String[] strings) {
      this.loader = loader;
      this.kind = kind;
      this.strings = strings;
    }

    Object create(@Nullable Object[] captured) {
      try {
        link();
        SerializedLambda form =
            new SerializedLambda(
                capturing,
                strings[1],
                strings[2],
                strings[3],
                kind,
                strings[4],
                strings[5],
                strings[6],
                strings[7],
                captured);
        Method direct = factory;
        return direct == null ? LambdaResolver.resolve(form) : direct.invoke(null, form);
      } catch (InvocationTargetException e) {
        throw new NotDecodableException("lambda cannot be linked: " + name(), e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new NotDecodableException(
            "the class of a lambda is not here, or another version: " + name(), e);
      }
    }

    private synchronized void link() throws ReflectiveOperationException {
      if (capturing == null) {
        Class<?> found = classes.find(loader, name());
        Method method = found.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
        factory = method.trySetAccessible() ? method : null;
        capturing = found;
      }
    }

    private String name() {
      return strings[0].replace('/', '.');
    }
  }

  /** The reading of one unit; has the containers that were read so far. */
  private final class Unit {
    private final Input input;
    private final @Nullable Blob blob;
    private List<@Nullable Object> containers = List.of();
    private int depth;

    Unit(Input input, @Nullable Blob blob) {
      this.input = input;
      this.blob = blob;
    }

    @Nullable Object read() {
      int tag = input.read();
      return switch (tag) {
        case Tag.NULL -> null;
        case Tag.TRUE -> true;
        case Tag.FALSE -> false;
        case Tag.BYTE -> (byte) input.readFixed(Byte.BYTES);
        case Tag.SHORT -> (short) input.readFixed(Short.BYTES);
        case Tag.CHAR -> (char) input.readFixed(Character.BYTES);
        case Tag.INT -> (int) input.readSigned();
        case Tag.LONG -> input.readSigned();
        case Tag.FLOAT -> Float.intBitsToFloat((int) input.readFixed(Float.BYTES));
        case Tag.DOUBLE -> Double.longBitsToDouble(input.readFixed(Double.BYTES));
        case Tag.STRING, Tag.WIDE_STRING -> input.readString(tag);
        case Tag.ENUM -> constant();
        case Tag.SAME -> same();
        case Tag.JDK -> JdkForm.read(input.slice(input.remaining()), classes, filter);
        case Tag.LAMBDA_AND_UNIT -> split();
        default -> container(tag);
      };
    }

    private Object constant() {
      Class<?> type = type();
      String name = input.readString();
      if (!type.isEnum()) {
        throw new NotDecodableException("not an enum: class=" + type.getName());
      }
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
      throw new NotDecodableException("no such constant here: " + type.getName() + '.' + name);
    }

    private Object same() {
      long index = input.readCount();
      Object value = index >= 0 && index < containers.size() ? containers.get((int) index) : null;
      if (value == null) {
        throw new NotDecodableException("no such container: index=" + index);
      }
      return value;
    }

    private Object split() {
      Shape shape = shape();
      Object captured = new Unit(input, blob).read();
      if (captured instanceof Object[] array) {
        return shape.create(array);
      }
      throw new NotDecodableException("lambda without what it captured");
    }

    private Object container(int tag) {
      if (++depth > Encoder.MAX_DEPTH + 1) {
        throw new NotDecodableException("value too deep");
      }
      requireAllowed(tag);
      if (containers.isEmpty()) {
        containers = new ArrayList<>();
      }
      int index = containers.size();
      containers.add(null);
      Object value =
          switch (tag) {
            case Tag.PRIMITIVES -> inline();
            case Tag.PRIMITIVES_IN_BLOB -> large(Primitives.at(input.read()));
            case Tag.OBJECTS -> objects(index);
            case Tag.ARRAY_LIST -> fill(index, new ArrayList<>());
            case Tag.HASH_SET -> fill(index, new HashSet<>());
            case Tag.LINKED_HASH_SET -> fill(index, new LinkedHashSet<>());
            case Tag.HASH_MAP -> fill(index, new HashMap<>());
            case Tag.LINKED_HASH_MAP -> fill(index, new LinkedHashMap<>());
            case Tag.TREE_MAP -> fill(index, new TreeMap<>());
            case Tag.IMMUTABLE_LIST -> immutableList();
            case Tag.IMMUTABLE_SET -> Set.of(required(elements()));
            case Tag.IMMUTABLE_MAP -> Map.copyOf(fill(-1, new HashMap<>()));
            case Tag.ENTRY -> entry();
            case Tag.OPTIONAL -> Optional.ofNullable(read());
            case Tag.RECORD -> record();
            case Tag.LAMBDA -> lambda();
            case Tag.PATH -> Path.of(input.readString());
            case Tag.HANDLE -> HandleForm.resolve(required(read()));
            default -> throw new NotDecodableException("no such tag: tag=" + tag);
          };
      containers.set(index, value);
      depth--;
      return value;
    }

    /** Classes that have a tag are not named, but the filter knows them all the same. */
    private void requireAllowed(int tag) {
      if (filter == null) {
        return;
      }
      Class<?> type =
          switch (tag) {
            case Tag.ARRAY_LIST -> ArrayList.class;
            case Tag.HASH_SET -> HashSet.class;
            case Tag.LINKED_HASH_SET -> LinkedHashSet.class;
            case Tag.HASH_MAP -> HashMap.class;
            case Tag.LINKED_HASH_MAP -> LinkedHashMap.class;
            case Tag.TREE_MAP -> TreeMap.class;
            case Tag.IMMUTABLE_LIST -> List.class;
            case Tag.IMMUTABLE_SET -> Set.class;
            case Tag.IMMUTABLE_MAP -> Map.class;
            case Tag.ENTRY -> Map.Entry.class;
            case Tag.OPTIONAL -> Optional.class;
            case Tag.PATH -> Path.class;
            default -> null; // it is named, or has none
          };
      if (type != null && !FilteredClasses.allows(filter, type)) {
        throw new NotDecodableException("class is not allowed here: class=" + type.getName());
      }
    }

    private Object inline() {
      Primitives kind = Primitives.at(input.read());
      Object array = kind.allocate(input.readLength(kind.width()));
      input.readMemory(kind.target(array));
      return kind.finish(array);
    }

    private Object large(Primitives kind) {
      long length = input.readCount();
      long offset = input.readCount();
      if (blob == null
          || length < 0
          || offset < 0
          || length > (blob.capacity() - offset) / kind.width()
          || length > Integer.MAX_VALUE) {
        throw new NotDecodableException("large value is gone or cut: length=" + length);
      }
      Object array = kind.allocate((int) length);
      blob.read(offset, kind.target(array));
      return kind.finish(array);
    }

    private Object objects(int index) {
      Class<?> component = type();
      int length = input.readLength(1);
      if (component.isPrimitive()) {
        throw new NotDecodableException("not an array of references");
      }
      @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(component, length);
      containers.set(index, array);
      for (int i = 0; i < length; i++) {
        array[i] = read();
      }
      return array;
    }

    private Object fill(int index, Collection<@Nullable Object> target) {
      containers.set(index, target);
      int length = input.readLength(1);
      for (int i = 0; i < length; i++) {
        target.add(read());
      }
      return target;
    }

    private Map<@Nullable Object, @Nullable Object> fill(
        int index, Map<@Nullable Object, @Nullable Object> target) {
      if (index >= 0) {
        containers.set(index, target);
      }
      int length = input.readLength(2);
      for (int i = 0; i < length; i++) {
        Object key = read();
        target.put(key, read());
      }
      return target;
    }

    private Object immutableList() {
      @Nullable Object[] elements = elements();
      for (Object element : elements) {
        if (element == null) {
          return Arrays.stream(elements).toList(); // as Stream.toList makes them
        }
      }
      return List.of(required(elements));
    }

    private @Nullable Object[] elements() {
      @Nullable Object[] elements = new @Nullable Object[input.readLength(1)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = read();
      }
      return elements;
    }

    private static Object[] required(@Nullable Object[] elements) {
      Object[] present = new Object[elements.length];
      for (int i = 0; i < elements.length; i++) {
        present[i] = required(elements[i]);
      }
      return present;
    }

    private static Object required(@Nullable Object value) {
      if (value == null) {
        throw new NotDecodableException("null where none can be");
      }
      return value;
    }

    private Object entry() {
      Object key = required(read());
      return Map.entry(key, required(read()));
    }

    private Object record() {
      Class<?> type = type();
      if (!type.isRecord()) {
        throw new NotDecodableException("not a record: class=" + type.getName());
      }
      RecordForm form = RecordForm.of(type);
      if (input.readLength(1) != form.size()) {
        throw new NotDecodableException("record of another version: class=" + type.getName());
      }
      @Nullable Object[] components = new @Nullable Object[form.size()];
      for (int i = 0; i < components.length; i++) {
        components[i] = read();
      }
      return form.create(components);
    }

    private Object lambda() {
      Shape shape = shape();
      return shape.create(elements());
    }

    private Shape shape() {
      long number = input.readCount();
      Shape shape = shapes.get((int) number);
      if (shape == null) {
        throw new NotDecodableException("lambda of an unknown shape: number=" + number);
      }
      return shape;
    }

    private Class<?> type() {
      int loader = (int) input.readCount();
      String name = input.readString();
      try {
        Class<?> primitive = Class.forPrimitiveName(name);
        return primitive != null ? primitive : classes.find(loader, name);
      } catch (ClassNotFoundException e) {
        throw new NotDecodableException("class not found: class=" + name, e);
      }
    }
  }
}
