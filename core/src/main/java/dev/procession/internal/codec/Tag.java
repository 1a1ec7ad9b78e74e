package dev.procession.internal.codec;

/**
 * First byte of each value's compact form. Behind it, in this notation: {@code n} a count as an
 * unsigned variable-length integer, {@code v} a value with its own tag, {@code c} a class.
 */
final class Tag {
  static final int NULL = 0;
  static final int TRUE = 1;
  static final int FALSE = 2;
  static final int BYTE = 3;
  static final int SHORT = 4;
  static final int CHAR = 5;

  /** Zigzag, variable-length. */
  static final int INT = 6;

  /** Zigzag, variable-length. */
  static final int LONG = 7;

  static final int FLOAT = 8;
  static final int DOUBLE = 9;

  /** n bytes of ISO 8859-1. */
  static final int STRING = 10;

  /** n chars of 2 bytes. */
  static final int WIDE_STRING = 11;

  /** Kind of {@link Primitives}, n elements. */
  static final int PRIMITIVES = 12;

  /** Kind of {@link Primitives}, n elements, offset in the blob as n. */
  static final int PRIMITIVES_IN_BLOB = 13;

  /** c of the components, n, v … */
  static final int OBJECTS = 14;

  static final int ARRAY_LIST = 15;
  static final int IMMUTABLE_LIST = 16;
  static final int HASH_SET = 17;
  static final int LINKED_HASH_SET = 18;
  static final int IMMUTABLE_SET = 19;

  /** n, then key and value n times. */
  static final int HASH_MAP = 20;

  static final int LINKED_HASH_MAP = 21;
  static final int IMMUTABLE_MAP = 22;

  /** In natural order only. */
  static final int TREE_MAP = 23;

  /** v, v: an immutable {@code Map.entry}. */
  static final int ENTRY = 24;

  static final int OPTIONAL = 25;

  /** c, name as a string. */
  static final int ENUM = 26;

  /** c, n components, v … */
  static final int RECORD = 27;

  /** n of the shape, v … as many as it captures. */
  static final int LAMBDA = 28;

  /** n of a container that came before in the same unit, counted from 0. */
  static final int SAME = 29;

  /** n bytes of JDK serialization. */
  static final int JDK = 30;

  /** n of the shape, then what it captured as one unit: an array of objects. */
  static final int LAMBDA_AND_UNIT = 31;

  /** n bytes, offset in the blob as n: a whole value that was too long for its frame. */
  static final int IN_BLOB = 32;

  /** A path of the default file system, as a string. */
  static final int PATH = 33;

  /** v: a record, that becomes a handle, see {@link HandleForm}. */
  static final int HANDLE = 34;

  private Tag() {}
}
