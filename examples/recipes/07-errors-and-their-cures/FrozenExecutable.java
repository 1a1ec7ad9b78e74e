// Packs itself and the library into a jar, and runs that.

import dev.procession.Pool;

static Path pack(InputStream program) throws Exception {
  var library = Path.of(Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  var jar = Files.createTempFile("frozen", ".jar");
  Files.copy(library, jar, StandardCopyOption.REPLACE_EXISTING);
  try (var content = FileSystems.newFileSystem(jar)) {
    Files.copy(program, content.getPath("FrozenExecutable.class"));
    var manifest = "Manifest-Version: 1.0\nMain-Class: FrozenExecutable\n";
    Files.writeString(content.getPath("META-INF/MANIFEST.MF"), manifest);
  }
  return jar;
}

static void run(Path jar) throws Exception {
  var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  // no cache for a jar that is there for a moment
  var command = List.of(java, "-Ddev.procession.aot=off", "-jar", jar.toString(), "frozen");
  new ProcessBuilder(command).inheritIO().start().waitFor();
  Files.delete(jar);
}

void main(String... args) throws Exception {
  if (args.length == 0) {
    run(pack(getClass().getResourceAsStream("FrozenExecutable.class")));
    return;
  }
  try (var pool = Pool.processes(2)) {
    IO.println(args[0] + ": " + pool.map(n -> n * n, List.of(1, 2, 3)));
  }
}

// Output:
// frozen: [1, 4, 9]
