package dev.procession.internal.manager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What client and server say to each other, in front of arguments or a result as {@link
 * dev.procession.internal.channel.ObjectMessages} encodes them.
 *
 * <pre>
 *   HELLO    from the server: version 4 bytes, its id, a blank, where it listens
 *   CALL     number 8 bytes, object 8, thread 8, length of the method's key 2, the key
 *   CANCEL   number 8 bytes
 *   VALUE    number 8 bytes
 *   FAILURE  number 8 bytes
 * </pre>
 *
 * each behind a byte that says which it is.
 */
final class Packet {
  static final int VERSION = 1;

  static final byte HELLO = 1;
  static final byte CALL = 2;
  static final byte CANCEL = 3;
  static final byte VALUE = 4;
  static final byte FAILURE = 5;

  private Packet() {}

  static byte[] hello(String serverId, String place) {
    byte[] id = (serverId + ' ' + place).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + Integer.BYTES + id.length)
        .put(HELLO)
        .putInt(VERSION)
        .put(id)
        .array();
  }

  /** Who says hello. */
  record Greeting(String serverId, String place) {}

  /**
   * The server that says hello.
   *
   * @throws IOException if it speaks another version, or is something else
   */
  static Greeting greeting(byte[] hello) throws IOException {
    if (hello.length < 1 + Integer.BYTES || hello[0] != HELLO) {
      throw new IOException("this is no manager: it does not say hello");
    }
    int version = ByteBuffer.wrap(hello).getInt(1);
    if (version != VERSION) {
      throw new IOException(
          "manager is of another version of Procession: it speaks protocol "
              + version
              + ", this process "
              + VERSION);
    }
    int start = 1 + Integer.BYTES;
    String text = new String(hello, start, hello.length - start, StandardCharsets.UTF_8);
    int blank = text.indexOf(' ');
    if (blank < 0) {
      throw new IOException("this is no manager: it does not say where it is");
    }
    return new Greeting(text.substring(0, blank), text.substring(blank + 1));
  }

  static byte[] call(long number, long object, long thread, byte[] method) {
    return ByteBuffer.allocate(1 + 3 * Long.BYTES + Short.BYTES + method.length)
        .put(CALL)
        .putLong(number)
        .putLong(object)
        .putLong(thread)
        .putShort((short) method.length)
        .put(method)
        .array();
  }

  static byte[] numbered(byte kind, long number) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(number).array();
  }
}
