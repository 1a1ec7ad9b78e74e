// Lets two consumers take what a producer puts, until they find a marker.

import dev.procession.ChildProcess;
import dev.procession.channel.ProcessQueue;

static final String END = "end";

static void produce(ProcessQueue<String> queue) throws InterruptedException {
  queue.putAll(List.of("one", "two", "three", "four", END, END));
}

static void consume(ProcessQueue<String> queue) throws InterruptedException {
  for (String item = queue.take(); !item.equals(END); item = queue.take()) {
    IO.println("consumed " + item);
  }
}

void main() {
  try (var queue = ProcessQueue.<String>open();
      var _ = ChildProcess.start(() -> produce(queue));
      var _ = ChildProcess.start(() -> consume(queue));
      var _ = ChildProcess.start(() -> consume(queue))) {
    IO.println("one producer, two consumers");
  }
}

// Output, in any order:
// one producer, two consumers
// consumed one
// consumed two
// consumed three
// consumed four
