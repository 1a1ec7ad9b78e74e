package dev.procession.internal.interpreter;

import dev.procession.internal.codec.RecordForm;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which values are the same in all worlds, so that they cross as they are, or as a copy. */
final class Shareable {
  /** Immutable, of the JDK, and short as frames. */
  private static final Set<Class<?>> PLAIN =
      Set.of(
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          String.class);

  /** Immutable, and of the JDK. */
  private static final Set<Class<?>> IMMUTABLE =
      Set.of(
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          URI.class,
          Locale.class,
          Pattern.class,
          Duration.class,
          Period.class,
          Instant.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetDateTime.class,
          ZonedDateTime.class);

  /** Of this library: the same in all worlds, with nothing in them of any. */
  private static final Set<Class<?>> OWN = ConcurrentHashMap.newKeySet();

  private Shareable() {}

  /** Objects of a class cross as they are. */
  static void add(Class<?> type) {
    OWN.add(type);
  }

  /** Whether a value is the same on the other side, also inside of one that is encoded. */
  static boolean crossesAsItself(Object value) {
    return IMMUTABLE.contains(value.getClass())
        || OWN.contains(value.getClass())
        || value instanceof MemorySegment;
  }

  /** Whether a value crosses everywhere without being encoded. */
  static boolean isShareable(@Nullable Object value) {
    Set<Class<?>> classes = mustBeShared(value);
    return classes != null && classes.isEmpty();
  }

  /**
   * The classes that have to be those outside where a value arrives, so that it crosses without
   * being encoded; null if it does so nowhere.
   */
  static @Nullable Set<Class<?>> mustBeShared(@Nullable Object value) {
    if (isSimple(value)) {
      return Set.of();
    }
    Look look = new Look();
    return look.canCross(value, 0) ? look.mustBeShared : null;
  }

  private static boolean isSimple(@Nullable Object value) {
    return value == null
        || PLAIN.contains(value.getClass())
        || crossesAsItself(value)
        || isPrimitiveArray(value);
  }

  private static boolean isPrimitiveArray(Object value) {
    Class<?> component = value.getClass().componentType();
    return component != null && component.isPrimitive();
  }

  /**
   * A look at a value and what it holds. What is large or deep is encoded rather than looked at.
   */
  private static final class Look {
    private static final int MOST_VALUES = 256;
    private static final int DEEPEST = 16;

    private Set<Class<?>> mustBeShared = Set.of();
    private int values;

    /** Whether enums and records of a class may cross. */
    private boolean isShared(Class<?> type) {
      if (SharedClasses.areEverywhere(type)) {
        return true;
      }
      if (!World.isSharedSomewhere(type)) {
        return false;
      }
      if (mustBeShared.isEmpty()) {
        mustBeShared = new HashSet<>();
      }
      mustBeShared.add(type);
      return true;
    }

    boolean canCross(@Nullable Object value, int depth) {
      return isSimple(value)
          || (value instanceof Enum<?> constant && isShared(constant.getDeclaringClass()))
          || (value instanceof Record record && canCross(record, depth));
    }

    private boolean canCross(Record value, int depth) {
      Class<?> type = value.getClass();
      if (!isShared(type) || !RecordForm.of(type).isOpen()) {
        return false;
      }
      RecordForm form = RecordForm.of(type);
      values += form.size();
      if (values > MOST_VALUES || depth == DEEPEST) {
        return false;
      }
      for (int i = 0; i < form.size(); i++) {
        Object component = form.component(value, i);
        // arrays are copied where they cross, but not in a record
        boolean isArray = component != null && component.getClass().isArray();
        if (isArray || !canCross(component, depth + 1)) {
          return false;
        }
      }
      return true;
    }
  }

  /** What crosses in the place of a shareable value: it, or a copy if somebody can change it. */
  static @Nullable Object copy(@Nullable Object value) {
    return switch (value) {
      case byte[] array -> array.clone();
      case int[] array -> array.clone();
      case long[] array -> array.clone();
      case double[] array -> array.clone();
      case float[] array -> array.clone();
      case short[] array -> array.clone();
      case char[] array -> array.clone();
      case boolean[] array -> array.clone();
      case null, default -> value;
    };
  }
}
