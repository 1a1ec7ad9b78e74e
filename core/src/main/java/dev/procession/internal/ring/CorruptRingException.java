package dev.procession.internal.ring;

/** The words of a ring make no sense: somebody wrote into memory that is not theirs. */
public final class CorruptRingException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  CorruptRingException(String what, long value, long low, long high) {
    super(what + " of a ring is out of range: value=" + value + ", range=" + low + ".." + high);
  }
}
