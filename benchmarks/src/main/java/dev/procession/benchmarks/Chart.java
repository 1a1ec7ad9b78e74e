package dev.procession.benchmarks;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A section as a picture: for each of its comparisons a panel, in that for each contender a dot at
 * its median on a line from quartile to quartile. Scales are logarithmic, each panel's its own.
 *
 * <p>It is written as XML rather than by a library for charts: XChart has no spread on horizontal
 * bars, and for SVG it needs VectorGraphics2D, without a release since 2018, which draws letters as
 * outlines in whatever font the machine has; JFreeSVG is under the GPL. What is drawn here is text
 * that can be searched, and follows the reader's dark or light page.
 */
final class Chart {
  private static final int WIDTH = 1000;
  private static final int LEFT = 380;
  private static final int RIGHT = 740;
  private static final int ROW = 22;
  private static final int TITLE = 34;
  private static final int AXIS = 34;
  private static final int RADIUS = 5;
  private static final int GAP = 12;
  private static final String STYLE =
      """
      text { font: 13px sans-serif; fill: #1f2328 }
      .title { font-weight: bold }
      .tick { font-size: 11px; fill: #59636e; text-anchor: middle }
      .name { text-anchor: end }
      .grid { stroke: #d1d9e0 }
      .ours { fill: #0969da; stroke: #0969da }
      .theirs { fill: #818b98; stroke: #818b98 }
      line.ours, line.theirs { stroke-width: 3 }
      @media (prefers-color-scheme: dark) {
        text { fill: #f0f6fc }
        .tick { fill: #9198a1 }
        .grid { stroke: #3d444d }
        .ours { fill: #4493f8; stroke: #4493f8 }
      }
      """;

  private final XMLStreamWriter xml;
  private final Set<String> ours;
  private int top;

  private Chart(XMLStreamWriter xml, Set<String> ours) {
    this.xml = xml;
    this.ours = ours;
  }

  /** The picture; empty if nothing was measured. */
  static String of(Section section) throws XMLStreamException {
    Map<String, SequencedSet<Measured>> panels = panels(section.lines());
    if (panels.isEmpty()) {
      return "";
    }
    StringWriter text = new StringWriter();
    XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
    new Chart(xml, ours(section.lines())).draw(section.title(), panels);
    xml.close();
    return text + "\n";
  }

  private static Map<String, SequencedSet<Measured>> panels(List<Line> lines) {
    Map<String, SequencedSet<Measured>> panels = new LinkedHashMap<>();
    for (Line line : lines) {
      List<Measured> measured =
          Stream.of(line.ours(), line.theirs()).filter(Objects::nonNull).toList();
      if (!measured.isEmpty()) {
        panels.computeIfAbsent(line.what(), _ -> new LinkedHashSet<>()).addAll(measured);
      }
    }
    return panels;
  }

  private static Set<String> ours(List<Line> lines) {
    return lines.stream()
        .map(Line::ours)
        .filter(Objects::nonNull)
        .map(Measured::name)
        .collect(Collectors.toSet());
  }

  private void draw(String title, Map<String, SequencedSet<Measured>> panels)
      throws XMLStreamException {
    int rows = panels.values().stream().mapToInt(Set::size).sum();
    int height = panels.size() * (TITLE + AXIS) + rows * ROW;
    xml.writeStartElement("svg");
    xml.writeDefaultNamespace("http://www.w3.org/2000/svg");
    attribute("width", WIDTH);
    attribute("height", height);
    xml.writeAttribute("viewBox", "0 0 " + WIDTH + ' ' + height);
    xml.writeAttribute("role", "img");
    element("title", title);
    element("style", STYLE);
    for (Map.Entry<String, SequencedSet<Measured>> panel : panels.entrySet()) {
      draw(panel.getKey(), new ArrayList<>(panel.getValue()));
    }
    xml.writeEndElement();
  }

  private void draw(String what, List<Measured> contenders) throws XMLStreamException {
    text("title", GAP, top + TITLE / 2 + RADIUS, what);
    top += TITLE;
    Scale scale = Scale.of(contenders, LEFT, RIGHT);
    int bottom = top + contenders.size() * ROW;
    for (double tick : scale.ticks()) {
      double x = scale.place(tick);
      line("grid", x, top, x, bottom);
      text("tick", x, bottom + AXIS / 2, contenders.getFirst().unit().format(tick));
    }
    for (Measured contender : contenders) {
      draw(contender, scale, top + ROW / 2);
      top += ROW;
    }
    top += AXIS;
  }

  private void draw(Measured contender, Scale scale, int y) throws XMLStreamException {
    String kind = ours.contains(contender.name()) ? "ours" : "theirs";
    text("name", LEFT - 2 * GAP, y + RADIUS, contender.name());
    line(kind, scale.place(contender.low()), y, scale.place(contender.high()), y);
    xml.writeEmptyElement("circle");
    xml.writeAttribute("class", kind);
    attribute("cx", scale.place(contender.median()));
    attribute("cy", y);
    attribute("r", RADIUS);
    text("value", RIGHT + 2 * GAP, y + RADIUS, contender.text());
  }

  private void text(String kind, double x, double y, String text) throws XMLStreamException {
    xml.writeStartElement("text");
    xml.writeAttribute("class", kind);
    attribute("x", x);
    attribute("y", y);
    xml.writeCharacters(text);
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }

  private void line(String kind, double x1, double y1, double x2, double y2)
      throws XMLStreamException {
    xml.writeEmptyElement("line");
    xml.writeAttribute("class", kind);
    attribute("x1", x1);
    attribute("y1", y1);
    attribute("x2", x2);
    attribute("y2", y2);
  }

  private void element(String name, String text) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(text);
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }

  private void attribute(String name, double value) throws XMLStreamException {
    xml.writeAttribute(name, String.format(Locale.ROOT, "%.1f", value));
  }
}
