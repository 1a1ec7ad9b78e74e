package dev.procession.management;

import java.util.List;

/** What a pool does, as attributes, and what can be done with it; see {@link PoolBean}. */
@SuppressWarnings("IdentifierName") // what such interfaces have to be called
public interface PoolMXBean {
  /**
   * Returns how many tasks wait for a worker.
   *
   * @return items of maps count each
   */
  long getQueued();

  /**
   * Returns how many tasks run.
   *
   * @return likewise
   */
  long getRunning();

  /**
   * Returns how many tasks have ended, in whatever way.
   *
   * @return since the pool was opened
   */
  long getDone();

  /**
   * Returns how many tasks have not ended with a value.
   *
   * @return since the pool was opened
   */
  long getFailed();

  /**
   * Returns the workers.
   *
   * @return those that are there
   */
  List<WorkerBean> getWorkers();

  /**
   * Changes how many workers there are, see {@link dev.procession.Pool#resize(int)}.
   *
   * @param workers at least 1
   */
  void resize(int workers);
}
