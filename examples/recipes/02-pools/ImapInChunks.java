// Takes results one by one, while workers get items in chunks of three.

import dev.procession.Pool;

void main() {
  var numbers = IntStream.range(0, 10).boxed().toList();
  try (var pool = Pool.processes(2).with(task -> task.withChunkSize(3));
      var squares = pool.imap(n -> n * n, numbers)) {
    squares.forEach(IO::println);
  }
}

// Output:
// 0
// 1
// 4
// 9
// 16
// 25
// 36
// 49
// 64
// 81
