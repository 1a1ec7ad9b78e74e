// Connects a producer and a consumer in two interpreters by a queue.

import dev.procession.interpreter.Interpreter;
import dev.procession.interpreter.InterpreterQueue;

static final String END = "end";

static void produce(InterpreterQueue<String> queue) throws InterruptedException {
  for (String item : List.of("one", "two", "three", END)) {
    queue.put(item);
  }
}

static void consume(InterpreterQueue<String> queue) throws InterruptedException {
  for (String item = queue.take(); !item.equals(END); item = queue.take()) {
    IO.println("consumed " + item);
  }
}

void main() {
  try (var queue = InterpreterQueue.<String>open();
      var producer = Interpreter.create();
      var consumer = Interpreter.create()) {
    producer.callInThread(() -> produce(queue));
    consumer.callInThread(() -> consume(queue));
  }
}

// Output:
// consumed one
// consumed two
// consumed three
