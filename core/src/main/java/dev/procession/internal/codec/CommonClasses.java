package dev.procession.internal.codec;

/** Classes of the application's class path and the JDK; knows no other loaders. */
final class CommonClasses implements ClassTable {
  static final CommonClasses INSTANCE = new CommonClasses();

  private static final ClassLoader LOADER = ClassLoader.getSystemClassLoader();

  private CommonClasses() {}

  @Override
  public int loaderOf(Class<?> type) {
    return COMMON;
  }

  @Override
  public Class<?> find(int loader, String name) throws ClassNotFoundException {
    return Class.forName(name, false, LOADER);
  }
}
