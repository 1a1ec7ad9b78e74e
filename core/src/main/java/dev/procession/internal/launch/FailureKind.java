package dev.procession.internal.launch;

/** Why an item has no value. */
public enum FailureKind {
  /** Its code threw. */
  THROWN(0),
  /** It could not be decoded in the worker, so nothing of it ran. */
  NOT_DECODABLE(1),
  /** Its code returned something that cannot travel. */
  RESULT_NOT_ENCODABLE(2);

  private final int code;

  FailureKind(int code) {
    this.code = code;
  }

  /** What it is in a message. */
  public int code() {
    return code;
  }

  /** The kind with a code; an unknown one is a worker gone mad. */
  public static FailureKind at(int code) {
    for (FailureKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalStateException("no such kind of failure: code=" + code);
  }
}
