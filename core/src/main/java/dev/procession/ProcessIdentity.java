package dev.procession;

/**
 * A process by name and handle.
 *
 * @param name that it was given
 * @param handle with which to wait for its end, or to look at it
 */
public record ProcessIdentity(String name, ProcessHandle handle) {
  /**
   * Returns the process id.
   *
   * @return the pid
   */
  public long pid() {
    return handle.pid();
  }
}
