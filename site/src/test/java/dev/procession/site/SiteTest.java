package dev.procession.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site as it is built of this repository. */
class SiteTest {
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ANCHOR = Pattern.compile(" id=\"([^\"]*)\"");

  @TempDir private static Path site;

  private static Map<Path, String> pages;

  @BeforeAll
  static void write() throws IOException {
    Site.write(Texts.ROOT, site);
    try (Stream<Path> files = Files.walk(site)) {
      pages =
          files
              .filter(file -> file.toString().endsWith(".html"))
              .collect(Collectors.toMap(file -> file, Texts::read));
    }
  }

  @Test
  void links_leadToPagesAndHeadings() {
    var broken = new ArrayList<String>();
    pages.forEach(
        (page, html) ->
            links(html)
                .filter(link -> !link.contains(":"))
                .filter(link -> !leadsSomewhere(page, link))
                .forEach(link -> broken.add(site.relativize(page) + " to " + link)));

    assertThat(broken).isEmpty();
  }

  @Test
  void pages_needNothingFromElsewhere() {
    assertThat(pages.values())
        .allSatisfy(
            html -> {
              assertThat(html).doesNotContain("<script", "@import", "url(");
              assertThat(html).doesNotContainPattern(" src=\"[a-z]+:");
              assertThat(html).containsOnlyOnce("<link ");
            });
  }

  @Test
  void charts_areThere() {
    var figures = pages.get(site.resolve("docs/benchmarks/index.html"));

    assertThat(figures).contains("<img src=\"submit.svg\"");
    assertThat(site.resolve("docs/benchmarks/submit.svg")).isNotEmptyFile();
  }

  @Test
  void chapters_areNumberedAndInTheNavigation() {
    List<Path> chapters = Texts.find("docs/guide", ".md");
    var start = pages.get(site.resolve("index.html"));

    for (int i = 0; i < chapters.size(); i++) {
      var name = chapters.get(i).getFileName().toString();
      assertThat(name).startsWith("%02d-".formatted(i + 1));
      assertThat(Texts.read(chapters.get(i))).startsWith("# " + (i + 1) + ". ");
      assertThat(start).contains("docs/guide/" + name.replace(".md", ".html"));
    }
  }

  @Test
  void readme_linksToEachChapter() {
    var readme = Texts.read(Texts.ROOT.resolve("README.md"));

    assertThat(Texts.find("docs/guide", ".md"))
        .allSatisfy(chapter -> assertThat(readme).contains("guide/" + chapter.getFileName()));
  }

  private static boolean leadsSomewhere(Path page, String link) {
    var parts = link.split("#", 2);
    var target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (parts.length == 1) {
      return Files.isRegularFile(target);
    }
    return pages.containsKey(target)
        && ANCHOR.matcher(pages.get(target)).results().anyMatch(id -> id.group(1).equals(parts[1]));
  }

  private static Stream<String> links(String html) {
    return LINK.matcher(html).results().map((MatchResult link) -> link.group(1));
  }
}
