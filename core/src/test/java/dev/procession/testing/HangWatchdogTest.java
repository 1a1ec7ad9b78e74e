package dev.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What {@link HangWatchdog} does about a test that hangs, and that it leaves others alone. */
class HangWatchdogTest {
  @Test
  void interruptsHangingTestAndDumpsThreadsOfAllJvms() {
    Outcome outcome = run(Hangs.class);
    assertThat(outcome.failures)
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure)
                    .hasMessageContaining(Hangs.class.getName() + ".hang (hang()) ran for longer")
                    .hasCauseInstanceOf(InterruptedException.class));
    assertThat(outcome.standardError)
        .contains("==== " + Hangs.class.getName() + ".hang (hang()) still runs after 1 s")
        // This JVM:
        .contains("==== process " + ProcessHandle.current().pid() + ": ")
        .contains("HangWatchdogTest$Hangs.hang(")
        // The one below it:
        .contains("==== process " + Hangs.bystanderPid + ": ")
        .contains("Bystander.main(");
  }

  @Test
  void failsTestWhichSwallowsTheInterrupt() {
    Outcome outcome = run(SwallowsInterrupt.class);
    assertThat(outcome.failures)
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("ran for longer than 1 s"));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void watchesBeforeEach() {
    assertThat(run(HangsBeforeEach.class).failures)
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("ran for longer than 1 s"));
  }

  @Test
  void leavesOthersAlone() {
    Outcome outcome = run(IsFast.class);
    assertThat(outcome.failures).isEmpty();
    assertThat(outcome.standardError).isEmpty();
  }

  private record Outcome(List<Throwable> failures, String standardError) {}

  private static Outcome run(Class<?> testClass) {
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    PrintStream original = System.err;
    List<Throwable> failures;
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      failures =
          EngineTestKit.engine("junit-jupiter")
              .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
              .configurationParameter(HangWatchdog.SECONDS_PARAMETER, "1")
              .selectors(selectClass(testClass))
              .execute()
              .allEvents()
              .failed()
              .map(event -> event.getRequiredPayload(TestExecutionResult.class))
              .map(result -> result.getThrowable().orElseThrow())
              .toList();
    } finally {
      System.setErr(original);
    }
    return new Outcome(failures, captured.toString(StandardCharsets.UTF_8));
  }

  static class Hangs {
    private static long bystanderPid;

    @Test
    void hang() throws IOException, InterruptedException {
      Process bystander = Bystander.start();
      try {
        bystanderPid = bystander.pid();
        new CountDownLatch(1).await();
      } finally {
        bystander.destroyForcibly();
      }
    }
  }

  static class SwallowsInterrupt {
    @Test
    void hang() {
      CountDownLatch never = new CountDownLatch(1);
      int interrupts = 0;
      while (interrupts < 2) {
        try {
          never.await();
        } catch (InterruptedException e) {
          interrupts++;
        }
      }
    }
  }

  static class HangsBeforeEach {
    @BeforeEach
    void hang() throws InterruptedException {
      new CountDownLatch(1).await();
    }

    @Test
    void test() {}
  }

  static class IsFast {
    @Test
    void test() throws InterruptedException {
      assertThat(new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS)).isFalse();
    }
  }
}
