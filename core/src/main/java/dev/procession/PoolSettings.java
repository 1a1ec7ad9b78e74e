package dev.procession;

/** The values behind {@link PoolOptions}. */
record PoolSettings(String name, int workers) {
  static PoolSettings defaults() {
    return new PoolSettings("pool", Runtime.getRuntime().availableProcessors());
  }

  PoolSettings withName(String newName) {
    return new PoolSettings(newName, workers);
  }

  PoolSettings withWorkers(int newWorkers) {
    if (newWorkers < 1) {
      throw new IllegalArgumentException("a pool has at least one worker: workers=" + newWorkers);
    }
    return new PoolSettings(name, newWorkers);
  }
}
