package dev.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What Linux says of memory, in files as the kernel writes them. */
class LinuxOsTest {
  @TempDir private Path group;

  private void write(String file, String content) throws IOException {
    Path path = group.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content + '\n');
  }

  @Test
  void leftInContainer_limited_isWhatIsNotUsedOrCanBeDropped() throws Exception {
    write("memory.max", "1000000");
    write("memory.current", "700000");
    write("memory.stat", "anon 1\nfile 250000\ninactive_file 200000");

    assertThat(LinuxOs.leftInContainer(group)).isEqualTo(500_000);
  }

  @Test
  void leftInContainer_firstVersion_isTheSame() throws Exception {
    write("memory/memory.limit_in_bytes", "1000000");
    write("memory/memory.usage_in_bytes", "700000");
    write("memory/memory.stat", "inactive_file 1\ntotal_inactive_file 200000");

    assertThat(LinuxOs.leftInContainer(group)).isEqualTo(500_000);
  }

  @Test
  void leftInContainer_notLimited_isAll() throws Exception {
    assertThat(LinuxOs.leftInContainer(group)).isEqualTo(Long.MAX_VALUE);
    write("memory.max", "max");
    write("memory.current", "700000");

    assertThat(LinuxOs.leftInContainer(group)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void availableMemory_isSomeAndNotMoreThanThereIs() {
    assertThat(new LinuxOs().availableMemory()).isBetween(1L << 20, 1L << 50);
    assertThat(new PortableOs().availableMemory()).isEqualTo(-1);
  }
}
