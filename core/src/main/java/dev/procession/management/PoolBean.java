package dev.procession.management;

import dev.procession.Pool;
import dev.procession.PoolStats;
import dev.procession.WorkerStats;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A pool in the platform's MBean server, until it is closed. The server holds the pool meanwhile.
 *
 * {@snippet :
 * try (var pool = Pool.processes(4);
 *     var bean = PoolBean.register(pool, "pictures")) {
 *   serve(pool);
 * }
 * }
 */
public final class PoolBean implements AutoCloseable {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private final ObjectName name;

  private PoolBean(ObjectName name) {
    this.name = name;
  }

  /**
   * Registers a pool as {@code dev.procession:type=Pool,name="..."}.
   *
   * @param pool the pool
   * @param name of the bean
   * @return the registration, to be closed
   * @throws IllegalStateException if a bean has that name
   */
  public static PoolBean register(Pool pool, String name) {
    try {
      ObjectName full = new ObjectName("dev.procession:type=Pool,name=" + ObjectName.quote(name));
      SERVER.registerMBean(new View(pool), full);
      return new PoolBean(full);
    } catch (InstanceAlreadyExistsException e) {
      throw new IllegalStateException("there is a bean of that name: name=" + name, e);
    } catch (JMException e) {
      throw new IllegalStateException("pool cannot be registered: name=" + name, e);
    }
  }

  /**
   * Returns its name in the server.
   *
   * @return the name
   */
  public ObjectName name() {
    return name;
  }

  /** Takes the bean out of the server. Idempotent. */
  @Override
  public void close() {
    try {
      if (SERVER.isRegistered(name)) {
        SERVER.unregisterMBean(name);
      }
    } catch (JMException e) {
      return; // somebody else has
    }
  }

  /** What the server has. */
  private record View(Pool pool) implements PoolMXBean {
    private PoolStats stats() {
      return pool.stats();
    }

    @Override
    public long getQueued() {
      return stats().queued();
    }

    @Override
    public long getRunning() {
      return stats().running();
    }

    @Override
    public long getDone() {
      return stats().done();
    }

    @Override
    public long getFailed() {
      return stats().failed();
    }

    @Override
    public List<WorkerBean> getWorkers() {
      return stats().workers().stream().filter(WorkerStats::alive).map(WorkerBean::new).toList();
    }

    @Override
    public void resize(int workers) {
      pool.resize(workers);
    }
  }
}
