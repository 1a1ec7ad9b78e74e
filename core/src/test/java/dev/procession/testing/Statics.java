package dev.procession.testing;

import java.util.concurrent.atomic.AtomicInteger;

/** A class that source text in an interpreter can name. */
public final class Statics {
  /** Different in each world of classes. */
  public static final AtomicInteger COUNT = new AtomicInteger();

  private Statics() {}

  /** A value that source text can name. */
  public record Value(int number) {}
}
