package dev.procession;

/** Where the JVM of a new process comes from. Heap and statics are fresh in either case. */
public enum StartMode {
  /** A JVM is started when it is needed: some 50 to 100 ms. */
  SPAWN,

  /**
   * A JVM that is already waiting is taken, and another is started to wait in its place: about a
   * millisecond. A waiting JVM is used once. It takes memory while it waits; it ends with this
   * process. Without one that waits, a JVM is started.
   *
   * @see ChildProcess#prepare
   */
  STANDBY
}
