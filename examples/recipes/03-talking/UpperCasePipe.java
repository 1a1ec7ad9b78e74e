// Sends a string down a pipe, and gets it back in upper case.

import dev.procession.ChildProcess;
import dev.procession.channel.Pipe;

void main() throws Exception {
  try (var pipe = Pipe.open()) {
    var theirs = pipe.second();
    ChildProcess.start(() -> theirs.send(theirs.receive(String.class).toUpperCase(Locale.ROOT)));
    theirs.close(); // the child has it now
    pipe.first().send("hello world");
    IO.println(pipe.first().receive());
  }
}

// Output:
// HELLO WORLD
