package dev.procession.internal.interpreter;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;

/**
 * Runs source text in a world, by the JDK's shell: what is declared stays for the next text. For
 * the world's thread; needs the module {@code jdk.jshell}.
 */
public final class Shell implements AutoCloseable {
  /** Source text that is no code. */
  public static final class NotCodeException extends Exception {
    private static final long serialVersionUID = 1L;

    NotCodeException(String message) {
      super(message);
    }
  }

  private final Control control;
  private final JShell shell;

  /** A shell for a world; takes about a second. */
  @SuppressWarnings("SystemOut") // of the code that it runs
  public Shell(World world) {
    this.control = new Control(new SnippetLoader(world.loader()));
    this.shell =
        JShell.builder()
            .executionEngine(new Provider(control), Map.of())
            .out(System.out)
            .err(System.err)
            .build();
    for (Path path : world.classPath()) {
      shell.addToClasspath(path.toString());
    }
    for (String path : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      if (!path.isEmpty()) {
        shell.addToClasspath(path);
      }
    }
  }

  /** Runs code in the thread that asks for it, and keeps what it throws. */
  private static final class Control extends DirectExecutionControl {
    private final SnippetLoader loader;
    private @Nullable Throwable thrown;

    Control(SnippetLoader loader) {
      super(loader);
      this.loader = loader;
    }

    @Override
    protected String invoke(Method method) throws Exception {
      thrown = null;
      try {
        var _ = method.invoke(null);
        return ""; // what it returns, nobody sees
      } catch (InvocationTargetException e) {
        thrown = e.getCause();
        throw e;
      }
    }

    /** Sets a variable that was declared. */
    void set(String name, @Nullable Object value) throws ReflectiveOperationException {
      for (Class<?> type : loader.defined.reversed()) {
        for (Field field : type.getDeclaredFields()) {
          if (field.getName().equals(name)) {
            field.setAccessible(true); // its class is not public
            field.set(null, value);
            return;
          }
        }
      }
      throw new NoSuchFieldException(name);
    }
  }

  /** Has the classes that source text becomes. */
  private static final class SnippetLoader extends ClassLoader implements LoaderDelegate {
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<Class<?>> defined = new ArrayList<>();

    SnippetLoader(ClassLoader world) {
      super("shell", world);
    }

    @Override
    public void load(ExecutionControl.ClassBytecodes[] classes)
        throws ExecutionControl.ClassInstallException {
      boolean[] installed = new boolean[classes.length];
      for (ExecutionControl.ClassBytecodes added : classes) {
        files.put(added.name(), added.bytecodes()); // they need each other
      }
      for (int i = 0; i < classes.length; i++) {
        try {
          defined.add(loadClass(classes[i].name()));
          installed[i] = true;
        } catch (ClassNotFoundException | LinkageError e) {
          throw new ExecutionControl.ClassInstallException(e.toString(), installed);
        }
      }
    }

    @Override
    @SuppressWarnings("BanClassLoader") // the text is the program's own
    public Class<?> findClass(String name) throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      byte[] file = files.remove(name);
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }

    @Override
    public void classesRedefined(ExecutionControl.ClassBytecodes[] classes) {
      // changed classes are other ones
    }

    /** Only the compiler needs it: the world has these classes. */
    @Override
    public void addToClasspath(String path) {}
  }

  private record Provider(Control control) implements ExecutionControlProvider {
    @Override
    public String name() {
      return "procession";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
      return control;
    }
  }

  /**
   * Runs source text: expressions, statements and declarations.
   *
   * @throws NotCodeException if it is none; what comes before has run
   * @throws Throwable that it throws; the rest does not run
   */
  public void run(String source) throws Throwable {
    String rest = source;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      if (next.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
        return; // a comment
      }
      String code = next.source() == null ? rest : next.source();
      evaluate(code);
      rest = next.source() == null ? "" : next.remaining();
    }
  }

  private void evaluate(String code) throws Throwable {
    for (SnippetEvent event : shell.eval(code)) {
      if (event.causeSnippet() == null) {
        if (event.status() == Snippet.Status.REJECTED
            || event.status() == Snippet.Status.NONEXISTENT) {
          throw new NotCodeException(problems(event.snippet(), code));
        }
        Throwable thrown = control.thrown;
        if (event.exception() != null) {
          throw thrown != null ? thrown : event.exception();
        }
      }
    }
  }

  private String problems(Snippet snippet, String code) {
    return "source text is no code: "
        + shell
            .diagnostics(snippet)
            .map(problem -> problem.getMessage(null))
            .collect(Collectors.joining("; "))
        + "\n"
        + code.strip();
  }

  /** Refuses names that no variable can have. */
  public static void checkNames(Set<String> names) {
    for (String name : names) {
      if (!SourceVersion.isIdentifier(name) || SourceVersion.isKeyword(name)) {
        throw new IllegalArgumentException("no name of a variable: " + name);
      }
    }
  }

  /**
   * Declares variables that have values, of this world.
   *
   * @throws NotCodeException if one cannot be declared
   */
  public void bind(Map<String, @Nullable Object> values) throws Throwable {
    for (Map.Entry<String, @Nullable Object> variable : values.entrySet()) {
      Object value = variable.getValue();
      run(typeOf(value) + ' ' + variable.getKey() + " = null;");
      control.set(variable.getKey(), value);
    }
  }

  /** A type that source text can name. */
  private static String typeOf(@Nullable Object value) {
    String name = value == null ? null : value.getClass().getCanonicalName();
    if (value != null && name != null && isNamable(value.getClass())) {
      return name;
    }
    return switch (value) {
      case List<?> _ -> "java.util.List";
      case Set<?> _ -> "java.util.Set";
      case Map<?, ?> _ -> "java.util.Map";
      case null, default -> "Object";
    };
  }

  private static boolean isNamable(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
      if (!Modifier.isPublic(each.getModifiers())) {
        return false;
      }
    }
    return type.getModule().isExported(type.getPackageName());
  }

  @Override
  public void close() {
    shell.close();
  }
}
