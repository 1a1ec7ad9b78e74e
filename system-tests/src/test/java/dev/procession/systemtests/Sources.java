package dev.procession.systemtests;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes the programs of tests: from text blocks to class files and jars. */
final class Sources {
  /** The folder of the whole project. */
  static final Path ROOT = Path.of(System.getProperty("procession.root"));

  /** The packaged library. */
  static final Path LIBRARY = Path.of(System.getProperty("procession.jar"));

  private Sources() {}

  /** A library that these tests depend on: its jar. */
  static Path dependency(String artifact) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().matches(artifact + "-[0-9].*[.]jar"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no dependency: " + artifact));
  }

  /** Writes a file, and the folders it is in. */
  static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /**
   * Compiles sources for class path or module path.
   *
   * @param folder for the class files
   * @param path what the sources need, a class path; a module path if there is a module descriptor
   * @param sources texts by path, as {@code app/Main.java}; what is not Java is a resource
   * @return the folder
   */
  static Path compile(Path folder, String path, Map<String, String> sources) throws IOException {
    Files.createDirectories(folder);
    Path written = Files.createTempDirectory(folder.getParent(), "sources");
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      if (source.getKey().endsWith(".java")) {
        files.add(write(written.resolve(source.getKey()), source.getValue()));
      } else {
        write(folder.resolve(source.getKey()), source.getValue());
      }
    }
    boolean modular = sources.containsKey("module-info.java");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-d", folder.toString(), modular ? "--module-path" : "--class-path", path);
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      if (!compiled) {
        throw new IllegalArgumentException("program of a test does not compile:\n" + messages);
      }
    }
    return folder;
  }

  /** Unpacks a jar. */
  static Path unpack(Path jar, Path folder) throws IOException {
    try (FileSystem content = FileSystems.newFileSystem(jar);
        Stream<Path> files = Files.walk(content.getPath("/"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(file.toString().substring(1));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return folder;
  }

  /** A jar that grows entry by entry. */
  static final class Jar implements AutoCloseable {
    private final JarOutputStream stream;
    private final List<String> entries = new ArrayList<>();

    Jar(Path file, Map<Attributes.Name, String> attributes) throws IOException {
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      attributes.forEach(manifest.getMainAttributes()::put);
      OutputStream target = Files.newOutputStream(file);
      this.stream = new JarOutputStream(target, manifest);
    }

    /** Adds all files below a folder, but for manifests and module descriptors of other jars. */
    Jar add(String prefix, Path folder) throws IOException {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = folder.relativize(file).toString();
          if (!name.equals("META-INF/MANIFEST.MF") && !name.equals("module-info.class")) {
            add(new ZipEntry(prefix + name), Files.readAllBytes(file));
          }
        }
      }
      return this;
    }

    /** Adds a file as it is, not compressed, which is what nested jars have to be. */
    Jar addStored(String name, Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
      add(entry, bytes);
      return this;
    }

    private void add(ZipEntry entry, byte[] bytes) throws IOException {
      addFolders(entry.getName());
      stream.putNextEntry(entry);
      stream.write(bytes);
      stream.closeEntry();
    }

    private void addFolders(String name) throws IOException {
      for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
        String folder = name.substring(0, end + 1);
        if (!entries.contains(folder)) {
          entries.add(folder);
          stream.putNextEntry(new ZipEntry(folder));
          stream.closeEntry();
        }
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
