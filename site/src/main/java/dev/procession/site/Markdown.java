package dev.procession.site;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;

/** Makes HTML of Markdown: headings get the names that links use, links lead to pages or files. */
final class Markdown {
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  private final Pages pages;

  Markdown(Pages pages) {
    this.pages = pages;
  }

  String html(Page page) {
    return HtmlRenderer.builder()
        .extensions(EXTENSIONS)
        .attributeProviderFactory(_ -> new Attributes(page))
        .build()
        .render(PARSER.parse(page.markdown()));
  }

  private final class Attributes implements AttributeProvider {
    private final Page page;
    private final Set<String> anchors = new HashSet<>();

    Attributes(Page page) {
      this.page = page;
    }

    @Override
    public void setAttributes(Node node, String tag, Map<String, String> attributes) {
      if (node instanceof Heading heading) {
        attributes.put("id", unused(anchor(textOf(heading))));
      } else if (node instanceof Link link) {
        attributes.put("href", href(page, link.getDestination()));
      } else if (node instanceof Image image) {
        attributes.put("src", href(page, image.getDestination()));
      }
    }

    private String unused(String anchor) {
      String candidate = anchor;
      for (int i = 1; !anchors.add(candidate); i++) {
        candidate = anchor + "-" + i;
      }
      return candidate;
    }
  }

  /** What a link of a page becomes. */
  private String href(Page page, String link) {
    if (link.startsWith("#") || ELSEWHERE.matcher(link).matches()) {
      return link;
    }
    int at = link.indexOf('#');
    String path = at < 0 ? link : link.substring(0, at);
    Path source = page.resolve(path);
    Path target = pages.target(source, page.source().toString());
    return page.linkTo(target) + (at < 0 ? "" : link.substring(at));
  }

  /** The name of a heading in links, as where the repository is looked at. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
  }

  private static String textOf(Heading heading) {
    StringBuilder text = new StringBuilder();
    heading.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }
        });
    return text.toString();
  }
}
