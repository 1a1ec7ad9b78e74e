package dev.procession.internal.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parent's answer to a request for a class or resource, in a file that the worker made for it:
 * a status byte, the number of the loader, the bytes.
 *
 * @param status one of the constants
 * @param loader number of the loader that has it
 * @param bytes of it, if {@link #FOUND}
 */
public record ClassReply(byte status, int loader, byte[] bytes) {
  /** There is none. */
  public static final byte MISSING = 0;

  /** The bytes follow. */
  public static final byte FOUND = 1;

  /** The common loaders have it. */
  public static final byte COMMON = 2;

  static final String KIND = "reply";

  static ClassReply of(ParentClasses.@Nullable Found found) {
    if (found == null) {
      return new ClassReply(MISSING, 0, new byte[0]);
    }
    byte[] bytes = found.bytes();
    return bytes == null
        ? new ClassReply(COMMON, found.loader(), new byte[0])
        : new ClassReply(FOUND, found.loader(), bytes);
  }

  void write(Path path) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(1 + Integer.BYTES).put(status).putInt(loader);
    Files.write(path, head.array(), StandardOpenOption.WRITE);
    Files.write(path, bytes, StandardOpenOption.APPEND);
  }

  static ClassReply read(Path path) throws IOException {
    byte[] all = Files.readAllBytes(path);
    ByteBuffer head = ByteBuffer.wrap(all);
    return new ClassReply(
        head.get(), head.getInt(), Arrays.copyOfRange(all, head.position(), all.length));
  }
}
