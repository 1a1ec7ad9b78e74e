package dev.procession.internal.launch;

import dev.procession.internal.codec.Frames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bodies of messages to a worker. */
public final class Bodies {
  private Bodies() {}

  /** Of {@link Message#FUNCTION}. */
  public static byte[] function(long number, Frames function) {
    return buffer(Long.BYTES + function.bytes().length)
        .putLong(number)
        .put(function.bytes())
        .array();
  }

  /** Of {@link Message#FORGET}. */
  public static byte[] forget(long number) {
    return buffer(Long.BYTES).putLong(number).array();
  }

  /** Of {@link Message#PROCESS}. */
  public static byte[] process(Frames name, Frames code) {
    return buffer(Integer.BYTES + name.bytes().length + code.bytes().length)
        .putInt(name.bytes().length)
        .put(name.bytes())
        .put(code.bytes())
        .array();
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
  }
}
