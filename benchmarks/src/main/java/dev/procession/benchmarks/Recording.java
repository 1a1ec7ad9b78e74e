package dev.procession.benchmarks;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a run has measured, as a file keeps it.
 *
 * @param taken when it ended, in ISO-8601
 * @param minutes how long it took
 * @param turns the factor for how often everything was measured
 */
record Recording(
    String taken, long minutes, double turns, Machine machine, List<Section> sections) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  void write(Path file) {
    JSON.writeValue(file.toFile(), this);
  }
}
