// Counts words in the JDK's sources, or its licences if it has none.

import dev.procession.Pool;

static final Pattern WORD = Pattern.compile("[a-z]+");

static Map<String, Integer> count(String text) {
  return WORD.matcher(text)
      .results()
      .collect(Collectors.toMap(MatchResult::group, _ -> 1, Integer::sum));
}

static String read(Path file) {
  try {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  } catch (IOException e) {
    throw new UncheckedIOException(e);
  }
}

static Path texts() throws IOException {
  var jdk = Path.of(System.getProperty("java.home"));
  var sources = jdk.resolve("lib/src.zip");
  return Files.exists(sources)
      ? FileSystems.newFileSystem(sources).getPath("java.base/java")
      : jdk.resolve("legal");
}

void main() throws IOException {
  var total = new HashMap<String, Integer>();
  try (var pool = Pool.processes(4);
      var files = Files.walk(texts())) {
    files
        .filter(Files::isRegularFile)
        .map(file -> read(file))
        .gather(pool.mapping(text -> count(text)))
        .forEach(counts -> counts.forEach((word, n) -> total.merge(word, n, Integer::sum)));
  }
  var most = Collections.max(total.entrySet(), Map.Entry.comparingByValue());
  IO.println(most.getValue() + " times: " + most.getKey());
}

// Output:
// <n> times: the
