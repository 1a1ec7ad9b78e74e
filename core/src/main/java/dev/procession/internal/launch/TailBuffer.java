package dev.procession.internal.launch;

import java.nio.charset.Charset;

/** The last bytes of a stream. Thread-safe. */
final class TailBuffer {
  private final byte[] ring;
  private long added;

  TailBuffer(int size) {
    this.ring = new byte[size];
  }

  synchronized void add(byte[] bytes, int length) {
    for (int i = Math.max(0, length - ring.length); i < length; i++) {
      ring[(int) ((added + i) % ring.length)] = bytes[i];
    }
    added += length;
  }

  synchronized String toString(Charset charset) {
    int length = (int) Math.min(added, ring.length);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((added - length + i) % ring.length)];
    }
    return new String(bytes, charset);
  }
}
