package dev.procession.management;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.Pool;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolBeanTest {
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  @Test
  void register_showsWhatThePoolDoes() throws Exception {
    try (var pool = Pool.processes(o -> o.withWorkers(1).withName("crew"))) {
      ObjectName name;
      try (var bean = PoolBean.register(pool, "pictures, large")) {
        name = bean.name();
        assertThat(pool.submit(PoolBeanTest::nap).get(30, SECONDS)).isOne();

        assertThat(server.getAttribute(name, "Done")).isEqualTo(1L);
        assertThat(server.getAttribute(name, "Failed")).isEqualTo(0L);
        assertThat(server.getAttribute(name, "Queued")).isEqualTo(0L);
        assertThat(server.getAttribute(name, "Running")).isIn(0L, 1L);
        CompositeData[] workers = (CompositeData[]) server.getAttribute(name, "Workers");
        assertThat(workers).hasSize(1);
        assertThat(workers[0].get("name")).isEqualTo("crew-1");
        assertThat(workers[0].get("tasks")).isEqualTo(1L);
        assertThat((long) workers[0].get("pid")).isPositive();
        assertThat((long) workers[0].get("busyMillis")).isBetween(20L, 60_000L);
        assertThat((long) workers[0].get("gcMillis")).isNotNegative();
        assertThatThrownBy(() -> PoolBean.register(pool, "pictures, large"))
            .isInstanceOf(IllegalStateException.class);
        bean.close();
      }
      assertThat(server.isRegistered(name)).isFalse();
    }
  }

  private static int nap() throws InterruptedException {
    Thread.sleep(Duration.ofMillis(20));
    return 1;
  }

  @Test
  void resize_isThePools() throws Exception {
    try (var pool = Pool.threads(1);
        var bean = PoolBean.register(pool, "resized")) {
      server.invoke(bean.name(), "resize", new Object[] {2}, new String[] {"int"});
      while (pool.stats().workers().size() < 2) {
        Thread.sleep(Duration.ofMillis(1));
      }
      assertThat(pool.map(n -> n, List.of(1, 2))).hasSize(2);
    }
  }
}
