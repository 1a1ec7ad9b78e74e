package dev.procession.internal.segment;

/**
 * One side's view of shared bytes, that dies right before one of its stores: from then on nothing
 * is stored, as if its process had been killed there. Bytes that are copied are a store each.
 */
public final class DyingBytes extends SharedBytes {
  /** What a side meets instead of its store. */
  public static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Death() {
      super("dead before a store");
    }
  }

  private int left;

  /**
   * @param shared bytes that the other side sees
   * @param stores to do before the one that is not done
   */
  public DyingBytes(SharedBytes shared, int stores) {
    super(shared.memory());
    this.left = stores;
  }

  /** Lives; whether it has died. */
  public static boolean dies(Runnable life) {
    try {
      life.run();
      return false;
    } catch (Death e) {
      return true;
    }
  }

  private void store() {
    if (left == 0) {
      throw new Death();
    }
    left--;
  }

  @Override
  public void putInt(int offset, int value) {
    store();
    super.putInt(offset, value);
  }

  @Override
  public void putLong(int offset, long value) {
    store();
    super.putLong(offset, value);
  }

  @Override
  public void putIntRelease(int offset, int value) {
    store();
    super.putIntRelease(offset, value);
  }

  @Override
  public void putLongRelease(int offset, long value) {
    store();
    super.putLongRelease(offset, value);
  }

  @Override
  public void putBytes(int offset, byte[] source, int from, int length) {
    for (int i = 0; i < length; i++) {
      store();
      super.putBytes(offset + i, source, from + i, 1);
    }
  }
}
