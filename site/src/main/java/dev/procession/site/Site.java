package dev.procession.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Writes the texts of this repository as a static site. */
final class Site {
  static final String STYLE = "style.css";

  private Site() {}

  /**
   * Writes it.
   *
   * @param arguments the folders of the repository and of the site
   */
  static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]), Path.of(arguments[1]));
  }

  static void write(Path root, Path site) throws IOException {
    Pages pages = Pages.of(root);
    Markdown markdown = new Markdown(pages);
    Layout layout = new Layout(pages);
    for (Page page : pages.all()) {
      Path file = site.resolve(page.target());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, layout.html(page, markdown.html(page)));
    }
    for (Path file : pages.files()) {
      Files.copy(root.resolve(file), site.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    try (InputStream style = Objects.requireNonNull(Site.class.getResourceAsStream(STYLE))) {
      Files.write(site.resolve(STYLE), style.readAllBytes());
    }
  }
}
