package dev.procession.internal.worker;

import dev.procession.internal.launch.ClassReply;
import dev.procession.internal.launch.ParentClasses;
import dev.procession.internal.launch.WorkerLink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a class loader of the parent, which serves the class files. A class is defined here by
 * the stand-in of the loader that defines it there, so that classes are the same exactly where they
 * are in the parent.
 */
final class ServedLoader extends ClassLoader {
  private static final String OWN_PACKAGE = "dev.procession.";

  static {
    registerAsParallelCapable();
  }

  private final int number;
  private final WorkerLink link;
  private final WorkerClasses classes;

  ServedLoader(int number, WorkerLink link, WorkerClasses classes) {
    super("procession-served-" + number, ClassLoader.getPlatformClassLoader());
    this.number = number;
    this.link = link;
    this.classes = classes;
  }

  int number() {
    return number;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (isOwn(name)) {
      return ClassLoader.getSystemClassLoader().loadClass(name);
    }
    ClassReply reply = ask(name.replace('.', '/') + ".class");
    return switch (reply.status()) {
      case ClassReply.COMMON -> ClassLoader.getSystemClassLoader().loadClass(name);
      case ClassReply.FOUND -> define(name, reply);
      default ->
          throw new ClassNotFoundException(name + ": not in the parent either, loader=" + number);
    };
  }

  /**
   * This library's classes exist once in a worker, wherever the parent has them from. Others may
   * begin with its name, but are not where it is from.
   */
  private static boolean isOwn(String name) {
    if (!name.startsWith(OWN_PACKAGE)) {
      return false;
    }
    String place = place(name);
    return place != null && place.equals(place(ServedLoader.class.getName()));
  }

  /** The jar or folder of a class, or null. */
  private static @Nullable String place(String name) {
    String path = fileOf(name);
    URL url = ServedLoader.class.getResource(path);
    return url == null
        ? null
        : url.toString().substring(0, url.toString().length() - path.length());
  }

  private static String fileOf(String name) {
    return '/' + name.replace('.', '/') + ".class";
  }

  @SuppressWarnings("BanClassLoader") // the parent is who started this process
  private Class<?> define(String name, ClassReply reply) throws ClassNotFoundException {
    if (reply.loader() != number) {
      return classes.find(reply.loader(), name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, reply.bytes(), 0, reply.bytes().length);
    }
  }

  private ClassReply ask(String resource) {
    try {
      return link.find(number, resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    ClassReply reply = ask(name);
    return switch (reply.status()) {
      case ClassReply.COMMON -> ClassLoader.getSystemResource(name);
      case ClassReply.FOUND -> url(name, 0, reply);
      default -> null;
    };
  }

  /** Each with an address of its own, as there are several resources of one name. */
  private URL url(String name, int index, ClassReply reply) {
    try {
      String path = "/" + number + '/' + index + '/' + name;
      return URL.of(new URI("procession", null, path, null), new Handler(reply.bytes()));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no name of a resource: " + name, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    List<URL> found = new ArrayList<>();
    ClassReply reply = ask(ParentClasses.path(name, 0));
    while (reply.status() == ClassReply.FOUND) {
      found.add(url(name, found.size(), reply));
      reply = ask(ParentClasses.path(name, found.size()));
    }
    return Collections.enumeration(found);
  }

  /** Reads what was served. */
  private static final class Handler extends URLStreamHandler {
    private final byte[] bytes;

    Handler(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {
          connected = true;
        }

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(bytes);
        }
      };
    }
  }
}
