package dev.procession.internal.manager;

import dev.procession.internal.pool.PoolTravel;
import dev.procession.internal.pool.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves pools of this process to those that get them, from a server that there is while somebody
 * holds one. Thread-safe.
 */
public final class PoolDepartures implements PoolTravel {
  // guarded by this
  private @Nullable Server server;

  /** Of pools that are served: an object keeps its pool. */
  private final Map<WorkerPool, WeakReference<PoolObject>> objects = new WeakHashMap<>();

  /** Made by name. */
  public PoolDepartures() {}

  @Override
  public synchronized Object depart(WorkerPool pool) {
    return server().depart(object(pool), Kind.POOL, pool);
  }

  private PoolObject object(WorkerPool pool) {
    WeakReference<PoolObject> reference = objects.get(pool);
    PoolObject known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    PoolObject made = PoolObject.of(pool);
    objects.put(pool, new WeakReference<>(made));
    return made;
  }

  private Server server() {
    Server open = server;
    if (open != null && !open.isClosed()) {
      return open;
    }
    try {
      Server made = Server.open(Server.privateAddress(), Serve.spec(), this::closeIfUnused);
      server = made;
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("a pool cannot be called by other processes", e);
    }
  }

  private synchronized void closeIfUnused(Server its) {
    if (its.isUnused()) {
      its.close();
    }
  }
}
