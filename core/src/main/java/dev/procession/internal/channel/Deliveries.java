package dev.procession.internal.channel;

import dev.procession.internal.segment.Segment;
import dev.procession.internal.segment.SharedBytes;
import dev.procession.internal.segment.SharedFile;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records that were taken and not yet acknowledged: each is kept in a file of its own beside the
 * queue's, named after its number.
 *
 * <pre>
 *    0  process that has it, or 0       8 bytes     see Participant; written again by who gets it next
 *    8  how often it was delivered      8 bytes
 *   16  record
 * </pre>
 *
 * <p>Files are made and looked for by who owns taking; removed by who acknowledges. One whose
 * number is not taken yet is of somebody who has died while taking, and the record is still in its
 * ring.
 */
final class Deliveries {
  private static final String MARK = ".kept-";
  private static final int HEAD = 16;

  /** How often to look for what the dead have left. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final SharedHandle handle;

  /** Offset in the words of how many deliveries were made; behind it, of how many are settled. */
  private final long made;

  private final long settled;

  /** When this process has looked. Of who owns taking. */
  private long looked = System.nanoTime() - LOOK_NANOS;

  /**
   * @param made offset of two words of 8 bytes
   */
  Deliveries(SharedHandle handle, long made) {
    this.handle = handle;
    this.made = made;
    this.settled = made + Long.BYTES;
  }

  private Path path(long number) {
    Path base = handle.object().path();
    return base.resolveSibling(base.getFileName() + MARK + number);
  }

  /** Whether some may be out; false only if none is. */
  boolean mayBeOut() {
    SharedWords words = handle.words();
    return words.getLong(made) != words.getLong(settled);
  }

  /** Whether some are out. */
  boolean isOut() {
    if (!mayBeOut()) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), names())) {
      return files.iterator().hasNext();
    } catch (IOException | DirectoryIteratorException e) {
      return true; // who takes next sees
    }
  }

  private Path folder() {
    return handle.object().path().resolveSibling("");
  }

  /** What the files' names match. */
  private String names() {
    return handle.object().path().getFileName() + MARK + "*";
  }

  /** Keeps a record that this process is about to take. Of who owns taking. */
  void keep(long number, SharedBytes bytes, int offset, int length) throws IOException {
    byte[] content = new byte[HEAD + length];
    head(content).putLong(0, Participant.me()).putLong(Long.BYTES, 1);
    bytes.getBytes(offset, content, HEAD, length);
    handle.words().getAndAddLong(made, 1);
    Segment.writeFile(path(number), content);
  }

  private static ByteBuffer head(byte[] content) {
    return ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
  }

  /** A record that was delivered before. */
  record Kept(long number, byte[] content) {
    SharedBytes bytes() {
      return new SharedBytes(MemorySegment.ofArray(content));
    }

    int offset() {
      return HEAD;
    }

    int length() {
      return content.length - HEAD;
    }
  }

  /**
   * Finds a record that nobody has any more, and gives it to this process. Of who owns taking.
   *
   * @param taken number of the last record taken
   * @param keep whether this process will acknowledge it; otherwise it is forgotten
   */
  @Nullable Kept findLost(long taken, boolean keep) throws IOException {
    if (!mayBeOut() || System.nanoTime() - looked < LOOK_NANOS) {
      return null;
    }
    SharedWords words = handle.words();
    long madeBefore = words.getLong(made);
    boolean out = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), names())) {
      for (Path file : files) {
        long number = number(file);
        if (number > taken) {
          SharedFile.delete(file);
          continue;
        }
        Kept lost = claim(file, number, keep);
        if (lost != null) {
          return lost; // there may be more: look again at once
        }
        out = true;
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    looked = System.nanoTime();
    if (!out) {
      words.setLong(settled, madeBefore);
    }
    return null;
  }

  private static long number(Path file) {
    String name = String.valueOf(file.getFileName());
    return Long.parseLong(name.substring(name.lastIndexOf(MARK) + MARK.length()));
  }

  private static @Nullable Kept claim(Path file, long number, boolean keep) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null; // acknowledged meanwhile
    }
    long owner = head(content).getLong(0);
    if (owner != Participant.NOBODY && Participant.isAlive(owner)) {
      return null;
    }
    if (keep) {
      ByteBuffer head = head(content);
      head.putLong(0, Participant.me()).putLong(Long.BYTES, head.getLong(Long.BYTES) + 1);
      write(file, head.slice(0, HEAD));
    } else {
      SharedFile.delete(file);
    }
    return new Kept(number, content);
  }

  private static void write(Path file, ByteBuffer head) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (head.hasRemaining()) {
        channel.write(head, head.position());
      }
    }
  }

  /** A record of this process is done with. */
  void acknowledge(long number) {
    SharedFile.delete(path(number));
  }

  /** A record of this process is for another. */
  void giveBack(long number) {
    try {
      write(path(number), ByteBuffer.allocate(Long.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException("queue is gone: " + e.getMessage(), e);
    }
  }

  /** How often a record of this process was delivered. */
  static int attempts(Kept kept) {
    return (int) head(kept.content()).getLong(Long.BYTES);
  }
}
