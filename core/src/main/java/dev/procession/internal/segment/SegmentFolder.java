package dev.procession.internal.segment;

import dev.procession.internal.os.Os;
import dev.procession.internal.os.SystemThreads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The folders where segments live, in order of preference. Thread-safe. */
public final class SegmentFolder {
  /** System property: a folder to use before the platform's own. */
  public static final String PROPERTY = "dev.procession.folder";

  private static final byte[] ZEROS = new byte[64 * 1024];

  private static final AtomicBoolean DELETING = new AtomicBoolean();
  private static volatile BooleanSupplier deleteIf = new Always();

  private SegmentFolder() {}

  /** The folders, best first. */
  static List<Path> folders() {
    String configured = System.getProperty(PROPERTY, "");
    List<Path> folders = new ArrayList<>();
    if (!configured.isEmpty()) {
      folders.add(Path.of(configured));
    }
    folders.addAll(Os.current().segmentFolders());
    return folders;
  }

  /** The folder for what people name: the best one, and no other, so that a name is one thing. */
  static Path ofNames() {
    return folders().getFirst();
  }

  /** Something that fills a new file, and can do so again in another folder. */
  interface Filler {
    void fill(RandomAccessFile file) throws IOException;
  }

  /**
   * Creates a file, readable by this user only, in the first folder where it can be filled.
   *
   * @return the path of the file
   * @throws IOException when no folder can hold it; names each folder and why. Nothing is left.
   */
  static Path create(String kind, Filler filler) throws IOException {
    IOException failure = null;
    for (Path folder : folders()) {
      try {
        return createIn(folder, kind, filler);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException("no folder for shared memory") : failure;
  }

  /** Creates a file like {@link #create}, in one folder. */
  static Path createIn(Path folder, String kind, Filler filler) throws IOException {
    deleteAtTheEnd();
    Path path = folder.resolve(SegmentName.next(kind).fileName());
    try {
      fill(path, filler);
      return path;
    } catch (IOException e) {
      throw new IOException(
          "cannot create shared memory: folder="
              + folder
              + ": "
              + e.getMessage()
              + ". Likely full; -D"
              + PROPERTY
              + "=FOLDER names another folder.",
          e);
    }
  }

  /** Makes a file, in place of one that is there. Nothing is left when it fails. */
  static void fill(Path path, Filler filler) throws IOException {
    boolean filled = false;
    try {
      Files.deleteIfExists(path);
      createEmpty(path);
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        filler.fill(file);
      }
      filled = true;
    } finally {
      if (!filled) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** A path in the best folder that no file has yet, for a file that others make. */
  public static Path newPath(String kind) {
    deleteAtTheEnd();
    return folders().getFirst().resolve(SegmentName.next(kind).fileName());
  }

  private static void createEmpty(Path path) throws IOException {
    try {
      Files.newByteChannel(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
          .close();
    } catch (UnsupportedOperationException e) {
      Files.createFile(path); // a file system without POSIX permissions
    } catch (FileAlreadyExistsException e) {
      throw new IOException("the name is taken, though it carries our pid: " + path, e);
    }
  }

  /**
   * Fills a file with zeros, so that its blocks exist: a store to a block that a full tmpfs cannot
   * provide would kill the JVM with SIGBUS, a write that fails is an exception.
   */
  static void allocate(RandomAccessFile file, long size) throws IOException {
    for (long done = 0; done < size; ) {
      int length = (int) Math.min(ZEROS.length, size - done);
      file.write(ZEROS, 0, length);
      done += length;
    }
  }

  /**
   * Deletes the files of processes that are gone; those of living processes, of other pid scopes
   * and of strangers are never touched.
   */
  public static void sweep() {
    sweep(SegmentName.PREFIX + "*");
  }

  /** Deletes the files that a process which has ended made; its pid may still be a zombie's. */
  public static void sweep(long pid) {
    sweep(SegmentName.PREFIX + pid + "-*");
  }

  /**
   * Asked when this process ends and before its files are deleted: whether nobody wants to read
   * them any more. May wait for that for a while.
   */
  public static void deleteAtTheEndIf(BooleanSupplier unwanted) {
    deleteIf = unwanted;
  }

  /** A hook of the JVM's, as nothing else runs when a program ends without closing what it has. */
  private static void deleteAtTheEnd() {
    if (DELETING.compareAndSet(false, true)) {
      try {
        Runtime.getRuntime()
            .addShutdownHook(
                SystemThreads.own()
                    .name("procession-shared-files")
                    .unstarted(SegmentFolder::deleteOwn));
      } catch (IllegalStateException e) {
        return; // it is ending already; the next sweep finds the rest
      }
    }
  }

  private static void deleteOwn() {
    if (deleteIf.getAsBoolean()) {
      delete(SegmentName.PREFIX + "*", SegmentName::isOurs);
    }
  }

  private static void sweep(String names) {
    delete(names, SegmentName::isAbandoned);
  }

  private static void delete(String names, Predicate<SegmentName> which) {
    for (Path folder : folders()) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
        for (Path file : files) {
          SegmentName name = SegmentName.parse(String.valueOf(file.getFileName()));
          if (name != null && which.test(name)) {
            delete(file, name);
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        // a folder that cannot be read: the next sweep finds the rest
      }
    }
  }

  private static void delete(Path file, SegmentName name) {
    try {
      if (name.kind().equals(NamedBlock.KIND)) {
        NamedBlock.deleteNames(file);
      }
      Files.deleteIfExists(file);
    } catch (IOException | DirectoryIteratorException e) {
      return; // another user's, or another process sweeps too
    }
  }

  /** A class of its own, as a lambda would have to be linked at the start of a worker. */
  private static final class Always implements BooleanSupplier {
    @Override
    public boolean getAsBoolean() {
      return true;
    }
  }
}
