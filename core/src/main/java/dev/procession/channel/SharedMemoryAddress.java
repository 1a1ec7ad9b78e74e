package dev.procession.channel;

import java.net.SocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An address for processes of one machine: peers meet at a socket file, then talk through shared
 * memory, as through a {@link Pipe}. Immutable.
 */
public final class SharedMemoryAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  /** Where peers meet; a string, as paths cannot be serialized. */
  private final String path;

  private SharedMemoryAddress(String path) {
    this.path = path;
  }

  /**
   * An address.
   *
   * @param path of the file where peers meet, which the listener makes
   * @return the address
   */
  public static SharedMemoryAddress of(Path path) {
    return new SharedMemoryAddress(path.toString());
  }

  /**
   * Returns where peers meet.
   *
   * @return the path of the file
   */
  public Path path() {
    return Path.of(path);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SharedMemoryAddress address && address.path.equals(path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return "shm:" + path;
  }
}
