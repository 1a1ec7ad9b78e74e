package dev.procession;

/** Where the standard output and standard error of a process go. */
public enum Output {
  /**
   * Where this process's own go. Standard output is inherited itself; standard error is carried by
   * this process, which keeps the last 8 KiB for error messages.
   */
  INHERITED,

  /** As {@link #INHERITED}, line by line, each behind {@code [name] }. */
  PREFIXED,

  /**
   * Kept by this process, the last MiB of each: {@link ChildProcess#output} and {@link
   * ChildProcess#errorOutput}.
   */
  CAPTURED,

  /** Nowhere, but for the last 8 KiB of standard error, which are kept for error messages. */
  DISCARDED
}
