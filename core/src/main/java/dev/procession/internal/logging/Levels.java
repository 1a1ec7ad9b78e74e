package dev.procession.internal.logging;

import java.util.logging.Level;

/** The levels of the system's loggers as those of java.util.logging, as the JDK maps them. */
final class Levels {
  private Levels() {}

  static Level of(System.Logger.Level level) {
    return switch (level) {
      case ALL -> Level.ALL;
      case TRACE -> Level.FINER;
      case DEBUG -> Level.FINE;
      case INFO -> Level.INFO;
      case WARNING -> Level.WARNING;
      case ERROR -> Level.SEVERE;
      case OFF -> Level.OFF;
    };
  }

  static System.Logger.Level of(Level level) {
    int value = level.intValue();
    if (value < Level.FINE.intValue()) {
      return System.Logger.Level.TRACE;
    }
    if (value < Level.INFO.intValue()) {
      return System.Logger.Level.DEBUG;
    }
    if (value < Level.WARNING.intValue()) {
      return System.Logger.Level.INFO;
    }
    return value < Level.SEVERE.intValue()
        ? System.Logger.Level.WARNING
        : System.Logger.Level.ERROR;
  }
}
