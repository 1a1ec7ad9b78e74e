// Loads a native library in two interpreters, then in two processes.

import dev.procession.ChildProcess;
import dev.procession.interpreter.Interpreter;
import java.nio.file.Path;

static final Path LIBRARY =
    Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("prefs"));

@SuppressWarnings("restricted") // a child may use native code
static void load() {
  System.load(LIBRARY.toString());
}

static void loadInTwoInterpreters() throws Exception {
  try (var first = Interpreter.create();
      var second = Interpreter.create()) {
    first.exec(() -> load());
    IO.println("loaded in an interpreter");
    second.exec(() -> load());
  } catch (UnsatisfiedLinkError e) {
    IO.println(e.getMessage().replace(LIBRARY.toString(), "prefs").replace(". ", ".\n"));
  }
}

void main() throws InterruptedException {
  ChildProcess.start(() -> loadInTwoInterpreters()).join();
  for (int i = 0; i < 2; i++) {
    ChildProcess.start(
            () -> {
              load();
              IO.println("loaded in a process");
            })
        .join();
  }
}

// Output:
// loaded in an interpreter
// Native Library prefs already loaded in another classloader.
// A native library can be loaded in one interpreter only, or outside of all.
// Use Pool.processes, or a ChildProcess, for code that needs it.
// loaded in a process
// loaded in a process
