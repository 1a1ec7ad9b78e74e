package dev.procession.site;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What is around the text of a page: navigation, and the way to the chapters beside it. */
final class Layout {
  private static final String GUIDE = "docs/guide";

  private static final List<String> MORE =
      List.of(
          "examples/recipes",
          "docs/conformance.md",
          "docs/benchmarks/README.md",
          "docs/design/overview.md",
          "docs/adr",
          "CONTRIBUTING.md",
          "CHANGELOG.md");

  private final Pages pages;
  private final List<Page> chapters;

  Layout(Pages pages) {
    this.pages = pages;
    this.chapters = pages.in(GUIDE);
  }

  String html(Page page, String body) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <link rel="stylesheet" href="%s">
    </head>
    <body>
    <nav>
    %s</nav>
    <main>
    %s%s</main>
    </body>
    </html>
    """
        .formatted(
            escaped(page.title()),
            page.linkTo(Path.of(Site.STYLE)),
            navigation(page),
            body,
            neighbours(page));
  }

  private String navigation(Page page) {
    Page start = pages.of(Path.of("README.md"), "the navigation");
    List<Page> more = MORE.stream().map(path -> pages.of(Path.of(path), "the navigation")).toList();
    return list(page, List.of(start)) + list(page, chapters) + list(page, more);
  }

  private static String list(Page page, List<Page> entries) {
    return entries.stream()
        .map(entry -> "<li>" + link(page, entry, entry.title()) + "</li>\n")
        .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
  }

  private static String link(Page page, Page to, String text) {
    String here = page.equals(to) ? " aria-current=\"page\"" : "";
    return "<a href=\"%s\"%s>%s</a>".formatted(page.linkTo(to.target()), here, escaped(text));
  }

  private String neighbours(Page page) {
    int at = chapters.indexOf(page);
    if (at < 0) {
      return "";
    }
    String before = at == 0 ? "" : link(page, chapters.get(at - 1), "Back");
    String behind = at == chapters.size() - 1 ? "" : link(page, chapters.get(at + 1), "Next");
    return "<p class=\"neighbours\">" + before + " " + behind + "</p>\n";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("`", "");
  }
}
