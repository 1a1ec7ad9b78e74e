package dev.procession.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;

/** A recording as a folder that people read: a page, its charts, and the numbers themselves. */
final class Page {
  private static final String SAMPLES = "samples.json";

  private Page() {}

  /** Writes it, in place of all that an earlier run has left in the folder. */
  static void write(Recording recording, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (DirectoryStream<Path> charts = Files.newDirectoryStream(folder, "*.svg")) {
      for (Path chart : charts) {
        Files.delete(chart);
      }
    }
    recording.write(folder.resolve(SAMPLES));
    StringBuilder text = new StringBuilder(head(recording));
    for (Section section : recording.sections()) {
      text.append('\n').append(section.toMarkdown()).append(chart(section, folder));
    }
    Files.writeString(folder.resolve("README.md"), text);
  }

  private static String head(Recording recording) {
    Machine machine = recording.machine();
    return String.format(
        Locale.ROOT,
        """
        # Figures

        Written by `./run compare`, which measures all of this anew, on any machine, and replaces this page; \
        `./run compare NAME` measures one of %s, and prints it. `PYTHON` and `CC` are the commands of CPython and \
        a C compiler; without them, what needs them is skipped. `TURNS=0.1` is a quick look, a tenth of the turns.

        Contenders run in turn, A B A B, so that whatever else the machine does meets them alike. Figures are \
        medians, with quartiles in brackets; charts show the same on logarithmic scales, Procession in blue. Ratios \
        hold on other machines far better than times. Why goals are missed is said in [why](why.md); all \
        numbers are in [%s](%s).

        Taken %s in %d minutes, with %s times the usual turns: %s; %s.
        """,
        recording.sections().stream()
            .map(section -> '`' + section.name() + '`')
            .collect(Collectors.joining(", ")),
        SAMPLES,
        SAMPLES,
        recording.taken(),
        recording.minutes(),
        recording.turns(),
        machine.text(),
        String.join(", ", machine.libraries()));
  }

  /** Writes the chart of a section, if there is anything to show, and returns a link to it. */
  private static String chart(Section section, Path folder) throws IOException {
    try {
      String chart = Chart.of(section);
      if (chart.isEmpty()) {
        return "";
      }
      String name = section.name() + ".svg";
      Files.writeString(folder.resolve(name), chart);
      return "\n![" + section.title() + "](" + name + ")\n";
    } catch (XMLStreamException e) {
      throw new IOException("no chart: section=" + section.name(), e);
    }
  }
}
