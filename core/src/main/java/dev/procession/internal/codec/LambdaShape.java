package dev.procession.internal.codec;

import java.lang.invoke.SerializedLambda;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all lambdas of one place in the source have in common: everything but what they captured.
 * The other side is told it once, by its {@link #definition}, then by its number.
 */
public final class LambdaShape {
  /** Fields of {@link SerializedLambda} that are strings, in the order of its constructor. */
  static final int STRINGS = 8;

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final int number = NUMBERS.getAndIncrement();
  private final Class<?> lambdaClass;
  private final String[] strings;
  private final int implMethodKind;
  private final List<LambdaShape> alone = List.of(this);
  private volatile @Nullable Definition last;

  /**
   * What the other side is told.
   *
   * @param classes by which the class of the lambda is named
   */
  private record Definition(ClassTable classes, byte[] bytes) {}

  LambdaShape(Class<?> lambdaClass, SerializedLambda form) {
    this.lambdaClass = lambdaClass;
    this.implMethodKind = form.getImplMethodKind();
    this.strings =
        new String[] {
          form.getCapturingClass(),
          form.getFunctionalInterfaceClass(),
          form.getFunctionalInterfaceMethodName(),
          form.getFunctionalInterfaceMethodSignature(),
          form.getImplClass(),
          form.getImplMethodName(),
          form.getImplMethodSignature(),
          form.getInstantiatedMethodType()
        };
  }

  /** Unique in this process. */
  public int number() {
    return number;
  }

  /** A list of this only, the same for all who need one: millions of tasks may wait. */
  List<LambdaShape> alone() {
    return alone;
  }

  /** What {@link Decoder#define} understands. Not to be changed. */
  @SuppressWarnings("ReferenceEquality") // a table is itself
  public byte[] definition(ClassTable classes) {
    Definition known = last;
    if (known == null || known.classes() != classes) {
      known = new Definition(classes, define(classes));
      last = known;
    }
    return known.bytes();
  }

  private byte[] define(ClassTable classes) {
    Output output = new Output();
    output.writeCount(number);
    output.writeCount(classes.loaderOf(lambdaClass));
    output.writeCount(implMethodKind);
    for (String string : strings) {
      output.writeString(string);
    }
    return output.toByteArray();
  }
}
