package dev.procession.examples.guide;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests whose names are theirs alone: each has a folder of its own for what is shared. */
abstract class InOwnFolder {
  private static final String FOLDER = "dev.procession.folder";

  @TempDir Path folder;

  @BeforeEach
  void useOwnFolder() {
    System.setProperty(FOLDER, folder.toString());
  }

  @AfterEach
  void useFoldersOfTheSystem() {
    System.clearProperty(FOLDER);
  }
}
