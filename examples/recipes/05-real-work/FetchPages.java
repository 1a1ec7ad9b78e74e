// Fetches pages in parallel: its own, or those given as arguments.

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpHandlers;
import com.sun.net.httpserver.HttpServer;
import dev.procession.Pool;

static final List<String> NAMES = List.of("one", "two", "three");

static String fetch(String url) {
  try (var page = URI.create(url).toURL().openStream()) {
    return url + ": " + page.readAllBytes().length + " bytes";
  } catch (IOException e) {
    return url + ": " + e;
  }
}

static HttpServer serve() throws IOException {
  var server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
  for (var name : NAMES) {
    server.createContext("/" + name, HttpHandlers.of(200, Headers.of(), "page " + name));
  }
  server.setExecutor(Thread::startVirtualThread);
  server.start();
  return server;
}

void main(String... args) throws Exception {
  var server = serve();
  var site = "http://localhost:" + server.getAddress().getPort() + "/";
  var own = NAMES.stream().map(name -> site + name).toList();
  try (var pool = Pool.processes(3)) {
    pool.map(url -> fetch(url), args.length == 0 ? own : List.of(args)).forEach(IO::println);
  } finally {
    server.stop(0);
  }
}

// Output:
// http://localhost:<port>/one: 8 bytes
// http://localhost:<port>/two: 8 bytes
// http://localhost:<port>/three: 10 bytes
