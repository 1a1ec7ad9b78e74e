package dev.procession.site;

import java.nio.file.Path;

/**
 * A page of the site.
 *
 * @param source file or folder that it shows, relative to the root of the repository
 * @param target file that it is written to, relative to the root of the site
 * @param markdown its text, which begins with its title
 */
record Page(Path source, Path target, String markdown) {
  /** A page of a file whose text is Markdown. */
  static Page ofText(Path file, String markdown) {
    String name = String.valueOf(file.getFileName());
    String html = name.equals("README.md") ? "index.html" : name.replaceAll("[.]md$", "") + ".html";
    return new Page(file, file.resolveSibling(html), markdown);
  }

  /** A page of a folder that has no text of its own. */
  static Page ofFolder(Path folder, String markdown) {
    return new Page(folder, folder.resolve("index.html"), markdown);
  }

  /** The first heading. */
  String title() {
    return markdown.lines().findFirst().orElse("").replaceFirst("^# ", "");
  }

  /** A link to another page, from this one. */
  String linkTo(Path other) {
    Path from = target.getParent();
    return (from == null ? other : from.relativize(other)).toString().replace('\\', '/');
  }

  /** What a path means that is written in this page: a file or folder of the repository. */
  Path resolve(String path) {
    Path base = source.equals(target.getParent()) ? source : source.getParent();
    return (base == null ? Path.of(path) : base.resolve(path)).normalize();
  }
}
