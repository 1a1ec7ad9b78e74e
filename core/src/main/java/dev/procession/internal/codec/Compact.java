package dev.procession.internal.codec;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which JDK classes have a compact form. Exactly these: a subclass may have more to say. */
final class Compact {
  private static final Set<Class<?>> IMMUTABLE_LISTS =
      Set.of(List.of().getClass(), List.of(1).getClass());
  private static final Set<Class<?>> IMMUTABLE_SETS =
      Set.of(Set.of().getClass(), Set.of(1).getClass());
  private static final Set<Class<?>> IMMUTABLE_MAPS =
      Set.of(Map.of().getClass(), Map.of(1, 1).getClass());
  static final Class<?> ENTRY = Map.entry(1, 1).getClass();

  private Compact() {}

  /** The tag for collections and maps of a class, or {@link Tag#NULL} if they have none. */
  static int tagOf(Class<?> type) {
    if (type == ArrayList.class) {
      return Tag.ARRAY_LIST;
    }
    if (type == HashMap.class) {
      return Tag.HASH_MAP;
    }
    if (type == HashSet.class) {
      return Tag.HASH_SET;
    }
    if (type == LinkedHashMap.class) {
      return Tag.LINKED_HASH_MAP;
    }
    if (type == LinkedHashSet.class) {
      return Tag.LINKED_HASH_SET;
    }
    if (type == TreeMap.class) {
      return Tag.TREE_MAP;
    }
    return immutableTagOf(type);
  }

  /** Whether it is a path of the default file system, which is there in every process. */
  static boolean isPlainPath(Object value) {
    return value instanceof Path path && path.getFileSystem().equals(FileSystems.getDefault());
  }

  /** Whether it is a collection or map that exists before it is filled, so may contain itself. */
  static boolean isMutable(Object value) {
    int tag = tagOf(value.getClass());
    return switch (tag) {
      case Tag.NULL, Tag.IMMUTABLE_LIST, Tag.IMMUTABLE_SET, Tag.IMMUTABLE_MAP -> false;
      default -> true;
    };
  }

  private static int immutableTagOf(Class<?> type) {
    if (IMMUTABLE_LISTS.contains(type)) {
      return Tag.IMMUTABLE_LIST;
    }
    if (IMMUTABLE_SETS.contains(type)) {
      return Tag.IMMUTABLE_SET;
    }
    return IMMUTABLE_MAPS.contains(type) ? Tag.IMMUTABLE_MAP : Tag.NULL;
  }
}
