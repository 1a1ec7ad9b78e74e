// Has five processes append to a list that a manager serves.

import dev.procession.ChildProcess;
import dev.procession.manager.Manager;

void main() throws InterruptedException {
  try (var manager = Manager.start()) {
    var list = manager.<Integer>list();
    var children = new ArrayList<ChildProcess<?>>();
    for (int n : List.of(1, 2, 3, 4, 5)) {
      children.add(ChildProcess.start(() -> list.add(n)));
    }
    for (var child : children) {
      child.join();
    }
    IO.println(list.stream().sorted().toList());
  }
}

// Output:
// [1, 2, 3, 4, 5]
