package dev.procession.benchmarks;

/** A JVM that answers one byte: the floor for everything that starts one. */
public final class Nothing {
  private Nothing() {}

  /** Answers. */
  public static void main(String[] arguments) {
    System.out.write('.');
    System.out.flush();
  }
}
