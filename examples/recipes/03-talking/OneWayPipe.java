// Sends an object down a pipe that has one direction.

import dev.procession.ChildProcess;
import dev.procession.channel.Pipe;

void main() throws Exception {
  try (var pipe = Pipe.openOneWay()) {
    var sender = pipe.second();
    ChildProcess.start(() -> sender.send(List.of(42, "hello")));
    sender.close(); // the child has it now
    IO.println(pipe.first().receive());
  }
}

// Output:
// [42, hello]
