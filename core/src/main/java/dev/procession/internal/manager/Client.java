package dev.procession.internal.manager;

import java.util.concurrent.atomic.AtomicInteger;

/** A process that uses a server, by identity; also the server's own. Thread-safe. */
final class Client {
  private volatile String name;
  private volatile long pid;
  private volatile boolean gone;

  /** Calls that run or wait. */
  final AtomicInteger calls = new AtomicInteger();

  Client(String name, long pid) {
    this.name = name;
    this.pid = pid;
  }

  void introduce(String itsName, long itsPid) {
    name = itsName;
    pid = itsPid;
  }

  String name() {
    return name;
  }

  long pid() {
    return pid;
  }

  /** It has ended, or was cut off: what it holds is given up. */
  void leave() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  @Override
  public String toString() {
    return name + " (pid " + pid + ')';
  }
}
