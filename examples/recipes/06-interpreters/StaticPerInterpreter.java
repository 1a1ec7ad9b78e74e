// Counts in a static variable, which each interpreter has of its own.

import dev.procession.interpreter.Interpreter;

static final AtomicInteger COUNT = new AtomicInteger();

void main() throws Exception {
  COUNT.set(100);
  try (var first = Interpreter.create();
      var second = Interpreter.create()) {
    IO.println("first: " + first.call(() -> COUNT.incrementAndGet()));
    IO.println("first: " + first.call(() -> COUNT.incrementAndGet()));
    IO.println("second: " + second.call(() -> COUNT.incrementAndGet()));
    IO.println("outside: " + COUNT.incrementAndGet());
  }
}

// Output:
// first: 1
// first: 2
// second: 1
// outside: 101
