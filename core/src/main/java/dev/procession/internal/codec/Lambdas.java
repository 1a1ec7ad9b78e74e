package dev.procession.internal.codec;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Lambdas and method references, taken apart. */
final class Lambdas {
  /** How lambdas of a class give their form; one per class, as is their shape. */
  private static final ClassValue<Accessor> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Accessor computeValue(Class<?> type) {
          return new Accessor(type);
        }
      };

  private Lambdas() {}

  /** Whether it is a lambda that can be taken apart. */
  static boolean isLambda(Object value) {
    return isLambdaClass(value.getClass()) && value instanceof Serializable;
  }

  /** Whether it is a lambda whose interface is not Serializable: it never can. */
  static boolean isStuckLambda(Object value) {
    return isLambdaClass(value.getClass()) && !(value instanceof Serializable);
  }

  private static boolean isLambdaClass(Class<?> type) {
    return type.isHidden() && type.isSynthetic();
  }

  /** A lambda's parts. */
  static Parts parts(Object lambda) {
    return ACCESSORS.get(lambda.getClass()).parts(lambda);
  }

  static SerializedLambda form(Object lambda) {
    return ACCESSORS.get(lambda.getClass()).form(lambda);
  }

  record Parts(LambdaShape shape, @Nullable Object[] captured) {}

  private static final class Accessor {
    private final Class<?> type;
    private final @Nullable Method writeReplace;
    private volatile @Nullable LambdaShape shape;

    Accessor(Class<?> type) {
      this.type = type;
      this.writeReplace = openWriteReplace(type);
    }

    /** The method that the lambda factory adds, or null if the lambda's module does not let us. */
    private static @Nullable Method openWriteReplace(Class<?> type) {
      try {
        Method method = type.getDeclaredMethod("writeReplace");
        method.setAccessible(true);
        return method;
      } catch (NoSuchMethodException | InaccessibleObjectException e) {
        return null;
      }
    }

    Parts parts(Object lambda) {
      SerializedLambda form = form(lambda);
      @Nullable Object[] captured = new @Nullable Object[form.getCapturedArgCount()];
      for (int i = 0; i < captured.length; i++) {
        captured[i] = form.getCapturedArg(i);
      }
      return new Parts(shape(form), captured);
    }

    private LambdaShape shape(SerializedLambda form) {
      LambdaShape known = shape;
      if (known == null) {
        synchronized (this) {
          known = shape;
          if (known == null) {
            known = new LambdaShape(type, form);
            shape = known;
          }
        }
      }
      return known;
    }

    SerializedLambda form(Object lambda) {
      if (writeReplace == null) {
        return Interceptor.formOf(lambda);
      }
      try {
        return (SerializedLambda) writeReplace.invoke(lambda);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("lambda refuses to be taken apart: " + type, e);
      }
    }
  }

  /** Serialization itself may call {@code writeReplace} in any module; it shows us the result. */
  private static final class Interceptor extends ObjectOutputStream {
    private @Nullable SerializedLambda form;

    private Interceptor() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    static SerializedLambda formOf(Object lambda) {
      try {
        Interceptor interceptor = new Interceptor();
        interceptor.writeObject(lambda);
        SerializedLambda form = interceptor.form;
        if (form == null) {
          throw new NotSerializableException(lambda.getClass().getName());
        }
        return form;
      } catch (IOException e) {
        throw new IllegalStateException("lambda refuses to be taken apart", e);
      }
    }

    @Override
    protected @Nullable Object replaceObject(@Nullable Object value) {
      if (value instanceof SerializedLambda lambda) {
        form = lambda;
      }
      return null;
    }
  }
}
