package dev.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import tools.jackson.databind.json.JsonMapper;

/** What a run leaves in its folder. */
class PageTest {
  private static final Measured OURS =
      new Measured("ours <T> & co", Unit.NANOSECONDS, List.of(120.0, 100.25, 110.0));
  private static final Measured THEIRS = new Measured("theirs", Unit.NANOSECONDS, List.of(90.0));
  private static final Machine MACHINE =
      new Machine("a processor", 2, "a system", "a JVM", List.of("CPython 3.14"), List.of("lib-1"));
  private static final Section SECTION =
      new Section(
          "first",
          "The first",
          List.of(
              Line.timesAsLong("small things", OURS, THEIRS, 2),
              Line.forTheRecord("small things", OURS, Measured.once("more", Unit.NANOSECONDS, 7)),
              Line.atMost("memory", Measured.once("pool", Unit.MEBIBYTES, 40), 50),
              Line.skipped("others", "nobody there")));

  private @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    Files.writeString(folder.resolve("gone.svg"), "of an earlier run");
    Files.writeString(folder.resolve("why.md"), "by hand");
    Section skipped = new Section("second", "Nobody", List.of(Line.skipped("others", "no C")));
    Page.write(
        new Recording("2026-11-22T06:00:00Z", 9, 1.0, MACHINE, List.of(SECTION, skipped)), folder);
  }

  @Test
  void write_folderOfAnEarlierRun_replacesItButNotWhatIsByHand() {
    assertThat(folder.toFile().listFiles())
        .extracting(File::getName)
        .containsExactlyInAnyOrder("README.md", "first.svg", "samples.json", "why.md");
  }

  @Test
  void write_page_hasMachineTablesAndCharts() throws Exception {
    assertThat(Files.readString(folder.resolve("README.md")))
        .contains("a processor, 2 processors; a system; a JVM; CPython 3.14; lib-1.")
        .contains("| small things | ours <T> & co: 110 ns (100 ns – 120 ns) | theirs: 90 ns |")
        .contains("| others |  | skipped: nobody there |  |  |")
        .containsOnlyOnce("](first.svg)")
        .doesNotContain("second.svg");
  }

  @Test
  void write_samples_areReadBackAsTheyWere() {
    Recording read =
        JsonMapper.shared().readValue(folder.resolve("samples.json").toFile(), Recording.class);

    assertThat(read.machine()).isEqualTo(MACHINE);
    assertThat(read.sections().getFirst()).isEqualTo(SECTION);
  }

  @Test
  void write_chart_showsEachContenderOnceWithinItsBounds() throws Exception {
    Document chart =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("first.svg").toFile());

    NodeList dots = chart.getElementsByTagName("circle");
    double width = Double.parseDouble(chart.getDocumentElement().getAttribute("width"));
    assertThat(dots.getLength()).isEqualTo(4);
    assertThat(IntStream.range(0, 4).mapToObj(dots::item))
        .allSatisfy(
            dot ->
                assertThat(
                        Double.parseDouble(dot.getAttributes().getNamedItem("cx").getNodeValue()))
                    .isBetween(0.0, width));
    assertThat(chart.getDocumentElement().getTextContent())
        .contains("small things", "ours <T> & co", "memory", "40 MiB");
  }
}
