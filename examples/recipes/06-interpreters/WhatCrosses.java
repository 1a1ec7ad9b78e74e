// Tries what can cross to an interpreter, and shows what is said if not.

import dev.procession.function.SerializableCallable;
import dev.procession.interpreter.Interpreter;
import dev.procession.interpreter.NotShareableException;
import java.nio.file.Files;
import java.nio.file.Path;

record Greeting(String text) {
  static Greeting hello() {
    return new Greeting("hello");
  }
}

static void tryIn(Interpreter world, String what, SerializableCallable<?> code) throws Exception {
  try {
    IO.println(what + ": " + world.call(code));
  } catch (NotShareableException e) {
    IO.println(what + ": " + e.getMessage().replace(", ", ",\n  "));
  }
}

void main() throws Exception {
  String name = "bob";
  Path path = Files.createTempFile("open", null);
  try (var world = Interpreter.create();
      var file = Files.newBufferedReader(path)) {
    tryIn(world, "static method", Greeting::hello);
    tryIn(world, "stateless lambda", () -> 6 * 7);
    tryIn(world, "capturing lambda", () -> "hello " + name);
    tryIn(world, "bound method", name::length);
    tryIn(world, "own method", this::toString);
    tryIn(world, "open file", file::readLine);
  } finally {
    Files.delete(path);
  }
}

// Output:
// static method: Greeting[text=hello]
// stateless lambda: 42
// capturing lambda: hello bob
// bound method: 3
// own method: value cannot travel to another interpreter: class=WhatCrosses,
//   path=this. Make what the lambda uses of it static,
//   the class Serializable or a record of plain values,
//   or create the object inside the task.
// open file: value cannot travel to another interpreter: class=java.io.BufferedReader,
//   path=captured variable 0. Make the class Serializable or a record of plain values,
//   or create the object inside the task.
