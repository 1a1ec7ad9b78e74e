package dev.procession.internal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import sun.reflect.ReflectionFactory;

/** Links lambdas of modules that are not open to this library, as serialization does: it may. */
final class LambdaResolver {
  private static final MethodHandle READ_RESOLVE =
      ReflectionFactory.getReflectionFactory().readResolveForSerialization(SerializedLambda.class);

  private LambdaResolver() {}

  static Object resolve(SerializedLambda form) throws InvocationTargetException {
    try {
      return READ_RESOLVE.invoke(form);
    } catch (Throwable e) {
      throw new InvocationTargetException(e);
    }
  }
}
