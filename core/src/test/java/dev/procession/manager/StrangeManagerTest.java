package dev.procession.manager;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.ChildProcess;
import dev.procession.Pool;
import dev.procession.TaskNotLoadableException;
import dev.procession.sync.ProcessEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A manager of another program, which has a key, and no more trust than that. */
@Timeout(60)
class StrangeManagerTest {
  private static final byte[] KEY = {4, 5, 6};

  @Test
  void workers_decodeNoMoreOfItThanTheirParent(@TempDir Path folder) throws Exception {
    String socket = folder.resolve("socket").toString();
    try (ProcessEvent about = ProcessEvent.open();
        ChildProcess<?> other =
            ChildProcess.start(
                () -> {
                  Manager served =
                      Manager.serve(UnixDomainSocketAddress.of(socket), o -> o.withKey(KEY));
                  ServedMap<String, Object> map = served.map();
                  map.put("plain", 1);
                  map.put("other", Level.INFO); // of no package that is allowed
                  served.bind("map", map);
                  about.set();
                  Thread.sleep(Duration.ofHours(1));
                });
        Pool pool = Pool.processes(1)) {
      about.await();
      Manager manager = Manager.connect(UnixDomainSocketAddress.of(socket), o -> o.withKey(KEY));
      ServedMap<?, ?> map = manager.lookup("map", ServedMap.class);
      assertThat(map.get("plain")).isEqualTo(1);
      assertThatThrownBy(() -> map.get("other")).isInstanceOf(ManagerException.class);

      assertThat(pool.submit(() -> map.get("plain").toString()).get(20, SECONDS)).isEqualTo("1");
      assertThatThrownBy(() -> pool.submit(() -> map.get("other").toString()).get(20, SECONDS))
          .hasCauseInstanceOf(ManagerException.class);
      other.kill();
    }
  }

  @Test
  void proxy_ofAManagerWithTls_isOfNoUseToWhoHasNotConnected() throws Exception {
    SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    SSLContext tls = SSLContext.getDefault();
    try (Manager manager = Manager.serve(any, o -> o.withKey(KEY).withTls(tls));
        Pool pool = Pool.processes(1)) {
      ServedMap<String, Integer> map = manager.map();
      assertThatThrownBy(() -> pool.submit(() -> map.size()).get(20, SECONDS))
          .hasCauseInstanceOf(TaskNotLoadableException.class)
          .hasStackTraceContaining("manager with TLS is to be connected to by each process");
    }
  }
}
