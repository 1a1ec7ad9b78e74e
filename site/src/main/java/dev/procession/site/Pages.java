package dev.procession.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What becomes a page: the texts of the repository, and the folders of decisions and of recipes,
 * which are shown as lists of what is in them.
 */
final class Pages {
  private static final List<String> TEXTS =
      List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE");

  private final Path root;
  private final Map<Path, Page> pages = new LinkedHashMap<>();
  private final List<Path> files = new ArrayList<>();

  private Pages(Path root) {
    this.root = root;
  }

  /** Finds them, in the order of a reader. */
  static Pages of(Path root) throws IOException {
    Pages pages = new Pages(root);
    for (String text : TEXTS) {
      pages.addText(Path.of(text));
    }
    for (Path text : pages.find("docs", ".md")) {
      pages.addText(text);
    }
    pages.add(Page.ofFolder(Path.of("docs/adr"), pages.listOfDecisions()));
    pages.addRecipes();
    for (String kind : List.of(".svg", ".json")) {
      pages.files.addAll(pages.find("docs", kind));
    }
    return pages;
  }

  /** All, in that order. */
  List<Page> all() {
    return List.copyOf(pages.values());
  }

  /** Charts and data, which are part of the site as they are. */
  List<Path> files() {
    return List.copyOf(files);
  }

  /** Where a file or folder is in the site, as a page or as it is; fails like {@link #of}. */
  Path target(Path source, String wanted) {
    return files.contains(source) ? source : of(source, wanted).target();
  }

  /** Those of a folder, in that order. */
  List<Page> in(String folder) {
    return pages.values().stream()
        .filter(page -> Path.of(folder).equals(page.source().getParent()))
        .toList();
  }

  /**
   * The page that shows a file or folder.
   *
   * @throws IllegalArgumentException if there is none
   */
  Page of(Path source, String wanted) {
    Page page = pages.get(source);
    if (page == null) {
      throw new IllegalArgumentException("no page: source=" + source + ", wanted by " + wanted);
    }
    return page;
  }

  private void add(Page page) {
    pages.put(page.source(), page);
  }

  private void addText(Path file) throws IOException {
    String text = Files.readString(root.resolve(file));
    boolean isMarkdown = file.toString().endsWith(".md");
    add(Page.ofText(file, isMarkdown ? text : "# " + file + "\n\n" + block("", text)));
  }

  private String listOfDecisions() {
    return "# Decisions\n\n" + list(in("docs/adr"));
  }

  private void addRecipes() throws IOException {
    Path recipes = Path.of("examples/recipes");
    List<Page> groups = new ArrayList<>();
    for (Path folder : folders(recipes)) {
      groups.add(Page.ofFolder(folder, recipesIn(folder)));
    }
    add(Page.ofFolder(recipes, "# Recipes\n\n" + listOfFolders(groups)));
    groups.forEach(this::add);
  }

  /** The programs of a folder, each with its name, and its text. */
  private String recipesIn(Path folder) throws IOException {
    StringBuilder text = new StringBuilder("# Recipes: " + title(folder) + "\n");
    for (Path file : find(folder.toString(), ".java")) {
      String name = String.valueOf(file.getFileName()).replace(".java", "");
      text.append("\n## ").append(name).append("\n\n");
      text.append(block("java", Files.readString(root.resolve(file))));
    }
    return text.toString();
  }

  /** What a folder as 03-talking-to-each-other is called. */
  private static String title(Path folder) {
    return String.valueOf(folder.getFileName()).replaceFirst("^[0-9]+-", "").replace('-', ' ');
  }

  private static String block(String language, String text) {
    return "````" + language + "\n" + text.stripTrailing() + "\n````\n";
  }

  private static String list(List<Page> pages) {
    return pages.stream()
        .map(page -> "- [" + page.title() + "](" + page.source().getFileName() + ")\n")
        .collect(Collectors.joining());
  }

  private static String listOfFolders(List<Page> groups) {
    return groups.stream()
        .map(
            page ->
                "- ["
                    + title(page.source())
                    + "]("
                    + page.source().getFileName()
                    + "): "
                    + programs(page)
                    + "\n")
        .collect(Collectors.joining());
  }

  private static String programs(Page group) {
    return group
        .markdown()
        .lines()
        .filter(line -> line.startsWith("## "))
        .map(line -> line.substring("## ".length()))
        .collect(Collectors.joining(", "));
  }

  private List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(root.resolve(parent))) {
      return entries.filter(Files::isDirectory).sorted().map(root::relativize).toList();
    }
  }

  private List<Path> find(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .map(root::relativize)
          .toList();
    }
  }
}
