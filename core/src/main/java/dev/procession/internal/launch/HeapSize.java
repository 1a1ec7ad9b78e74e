package dev.procession.internal.launch;

/** A size of memory as the JVM's options have it: a number, with the unit k, m, g or t. */
public final class HeapSize {
  private HeapSize() {}

  /** Refuses what is none, and what is more than a number of bytes can say. */
  public static void require(String size) {
    if (!size.matches("[1-9][0-9]{0,9}[kKmM]?|[1-9][0-9]{0,5}[gGtT]")) {
      throw new IllegalArgumentException("not a size of memory, as 512m or 2g: size=" + size);
    }
  }

  /** Its bytes. */
  public static long bytes(String size) {
    require(size);
    int unit = "kmgt".indexOf(Character.toLowerCase(size.charAt(size.length() - 1)));
    String digits = unit < 0 ? size : size.substring(0, size.length() - 1);
    return Long.parseLong(digits) << (10 * (unit + 1));
  }
}
