package dev.procession.channel;

import dev.procession.channel.PipeFaultTest.Point;
import dev.procession.testing.Ending;
import dev.procession.testing.Sides;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link PipeFaultTest} demands, where processes look for what they wait for, as there is no
 * futex: each point, and at those where another might be left in the middle of something also a
 * process that was stopped, and one that has crashed.
 */
@Timeout(60)
class PipeFaultWithoutFutexTest {
  static Stream<Arguments> some() {
    return Stream.concat(
        Arrays.stream(Point.values()).map(point -> Arguments.of(point, Ending.KILL)),
        Stream.of(
            Arguments.of(Point.SENDING_A_LONG_MESSAGE, Ending.STOP),
            Arguments.of(Point.RECEIVING_A_LONG_MESSAGE, Ending.NATIVE_CRASH)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("some")
  void holder_endsSomehowSomewhere_othersGoOn(Point point, Ending end) throws Exception {
    Sides.runOn("portable", () -> PipeFaultTest.run(point, end));
  }
}
