package dev.procession.internal.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What in a value cannot travel, and the way there: looked for after the fact, so that encoding
 * itself need not keep track. Walks what can be reached through fields, elements and captured
 * variables, nearest first.
 *
 * @param path from the value to the culprit, as {@code variable.field[3]}; empty for the value
 * @param type class of the culprit, or null if none was found
 */
record Culprit(String path, @Nullable Class<?> type, boolean isLambda) {
  private static final int MOST_OBJECTS = 100_000;

  static Culprit find(@Nullable Object value, ClassTable classes) {
    return new Search(classes).run(value);
  }

  /**
   * @param where it cannot travel to another
   */
  NotEncodableException describe(Throwable cause, String where) {
    if (cause instanceof StackOverflowError) {
      return new NotEncodableException(
          "value is nested too deeply to travel to another "
              + where
              + ". Use a collection instead of a chain of objects.",
          cause);
    }
    if (type == null) {
      return new NotEncodableException(
          "value cannot travel to another " + where + ": " + cause.getMessage(), cause);
    }
    if (isLambda) {
      return new NotEncodableException(
          "lambda is not Serializable, so it cannot travel to another "
              + where
              + at()
              + ". Give it one of the types of dev.procession.function, or another Serializable"
              + " functional interface.",
          cause);
    }
    return new NotEncodableException(
        "value cannot travel to another "
            + where
            + ": class="
            + type.getName()
            + at()
            + (("." + path).endsWith(".this")
                ? ". Make what the lambda uses of it static, "
                : ". Make ")
            + "the class Serializable or a record of plain values, or create the object inside the"
            + " task.",
        cause);
  }

  private String at() {
    return path.isEmpty() ? "" : ", path=" + path;
  }

  private record Step(String path, Object value) {}

  private static final class Search {
    private final ClassTable classes;
    private final Deque<Step> open = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    Search(ClassTable classes) {
      this.classes = classes;
    }

    Culprit run(@Nullable Object root) {
      add("", root);
      while (!open.isEmpty() && seen.size() < MOST_OBJECTS) {
        Step step = open.remove();
        if (!canTravel(step.value())) {
          return new Culprit(
              step.path(), step.value().getClass(), Lambdas.isStuckLambda(step.value()));
        }
        expand(step);
      }
      return new Culprit("", null, false);
    }

    private void add(String path, @Nullable Object value) {
      if (value != null && seen.add(value)) {
        open.add(new Step(path, value));
      }
    }

    private boolean canTravel(Object value) {
      return value instanceof Serializable
          || value.getClass() == Compact.ENTRY
          || value instanceof Optional
          || Compact.isPlainPath(value)
          || (value instanceof Record && classes.isOpen(value.getClass()));
    }

    private void expand(Step step) {
      String path = step.path();
      if (HandleForm.isHandle(step.value())) {
        return; // it travels as something else, and may be a collection that cannot be walked
      }
      switch (step.value()) {
        case Object[] elements -> {
          @Nullable Object[] array = elements;
          for (int i = 0; i < array.length; i++) {
            add(path + '[' + i + ']', array[i]);
          }
        }
        case Collection<?> collection -> {
          int index = 0;
          for (Object element : collection) {
            add(path + '[' + index++ + ']', element);
          }
        }
        case Map<?, ?> map ->
            map.forEach(
                (key, value) -> {
                  add(path + ".key(" + key + ')', key);
                  add(path + '[' + key + ']', value);
                });
        case Object value when Lambdas.isLambda(value) -> captured(path, value);
        default -> fields(path, step.value(), step.value().getClass());
      }
    }

    private void captured(String path, Object lambda) {
      SerializedLambda form = Lambdas.form(lambda);
      for (int i = 0; i < form.getCapturedArgCount(); i++) {
        add(join(path, Variables.name(lambda.getClass(), form, i)), form.getCapturedArg(i));
      }
    }

    private void fields(String path, Object value, @Nullable Class<?> type) {
      if (type == null || type == Object.class) {
        return;
      }
      for (Field field : type.getDeclaredFields()) {
        int skipped = Modifier.STATIC | Modifier.TRANSIENT;
        if ((field.getModifiers() & skipped) == 0 && !field.getType().isPrimitive()) {
          add(join(path, field.getName()), read(field, value));
        }
      }
      fields(path, value, type.getSuperclass());
    }

    private static @Nullable Object read(Field field, Object value) {
      try {
        field.setAccessible(true);
        return field.get(value);
      } catch (InaccessibleObjectException | IllegalAccessException e) {
        return null; // of a module that is not open to us; the cause names the class
      }
    }

    private static String join(String path, String name) {
      return path.isEmpty() ? name : path + '.' + name;
    }
  }

  /** Names of captured variables: parameters of the method that the compiler made of a lambda. */
  private static final class Variables {
    static String name(Class<?> lambdaClass, SerializedLambda form, int index) {
      boolean isStatic = form.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic;
      boolean isReceiver = !isStatic && index == 0;
      if (isReceiver && isEnclosing(lambdaClass, form)) {
        return "this";
      }
      String name =
          isReceiver ? null : fromClassFile(lambdaClass, form, isStatic ? index : index - 1);
      return name == null ? "captured variable " + index : name;
    }

    /** Whether the first captured is the object around the lambda, or another of its class. */
    private static boolean isEnclosing(Class<?> lambdaClass, SerializedLambda form) {
      try {
        String enclosing = form.getCapturingClass().replace('/', '.');
        return Class.forName(enclosing, false, lambdaClass.getClassLoader())
            .isInstance(form.getCapturedArg(0));
      } catch (ClassNotFoundException e) {
        return false; // a hidden class, which is not found by its name
      }
    }

    /** Looks into the debug information that {@code javac -g} leaves; null without. */
    private static @Nullable String fromClassFile(
        Class<?> lambdaClass, SerializedLambda form, int parameter) {
      ClassLoader loader = lambdaClass.getClassLoader();
      if (loader == null) {
        return null;
      }
      try (InputStream file = loader.getResourceAsStream(form.getImplClass() + ".class")) {
        if (file == null) {
          return null;
        }
        ClassModel model = ClassFile.of().parse(file.readAllBytes());
        return model.methods().stream()
            .filter(method -> method.methodName().equalsString(form.getImplMethodName()))
            .findFirst()
            .map(method -> variable(method, parameter))
            .orElse(null);
      } catch (IOException | IllegalArgumentException e) {
        return null;
      }
    }

    private static @Nullable String variable(MethodModel method, int parameter) {
      boolean isStatic = method.flags().has(AccessFlag.STATIC);
      int slot = isStatic ? 0 : 1;
      for (int i = 0; i < parameter; i++) {
        String type = method.methodTypeSymbol().parameterType(i).descriptorString();
        slot += type.equals("J") || type.equals("D") ? 2 : 1;
      }
      int wanted = slot;
      return method
          .code()
          .flatMap(code -> code.findAttribute(Attributes.localVariableTable()))
          .flatMap(
              table ->
                  table.localVariables().stream()
                      .filter(variable -> variable.slot() == wanted && variable.startPc() == 0)
                      .findFirst())
          .map((LocalVariableInfo variable) -> variable.name().stringValue())
          .orElse(null);
    }
  }
}
