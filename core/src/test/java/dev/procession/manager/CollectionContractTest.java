package dev.procession.manager;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.SetTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.TestStringSetGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
import com.google.common.collect.testing.features.MapFeature;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import junit.framework.AssertionFailedError;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** What collections promise, as guava-testlib has it, of those that a manager serves. */
@Timeout(300)
class CollectionContractTest {
  private static Manager manager;

  @BeforeAll
  static void start() {
    manager = Manager.start();
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  @TestFactory
  Stream<DynamicTest> maps() {
    return tests(
        ConcurrentMapTestSuiteBuilder.using(
                new TestStringMapGenerator() {
                  @Override
                  protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                    ServedMap<String, String> map = manager.map();
                    for (Map.Entry<String, String> entry : entries) {
                      map.put(entry.getKey(), entry.getValue());
                    }
                    return map;
                  }
                })
            .named("ServedMap")
            .withFeatures(
                MapFeature.GENERAL_PURPOSE,
                MapFeature.ALLOWS_NULL_KEYS,
                MapFeature.ALLOWS_NULL_VALUES,
                MapFeature.ALLOWS_ANY_NULL_QUERIES,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                CollectionFeature.KNOWN_ORDER,
                CollectionSize.ANY)
            .createTestSuite());
  }

  @TestFactory
  Stream<DynamicTest> lists() {
    return tests(
        ListTestSuiteBuilder.using(
                new TestStringListGenerator() {
                  @Override
                  protected List<String> create(String[] elements) {
                    ServedList<String> list = manager.list();
                    list.addAll(Arrays.asList(elements));
                    return list;
                  }
                })
            .named("ServedList")
            .withFeatures(
                ListFeature.GENERAL_PURPOSE,
                CollectionFeature.ALLOWS_NULL_VALUES,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                CollectionSize.ANY)
            .createTestSuite());
  }

  @TestFactory
  Stream<DynamicTest> sets() {
    return tests(
        SetTestSuiteBuilder.using(
                new TestStringSetGenerator() {
                  @Override
                  protected Set<String> create(String[] elements) {
                    ServedSet<String> set = manager.set();
                    set.addAll(Arrays.asList(elements));
                    return set;
                  }
                })
            .named("ServedSet")
            .withFeatures(
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.ALLOWS_NULL_VALUES,
                CollectionFeature.KNOWN_ORDER,
                CollectionSize.ANY)
            .createTestSuite());
  }

  @TestFactory
  Stream<DynamicTest> queues() {
    return tests(
        QueueTestSuiteBuilder.using(
                new TestStringQueueGenerator() {
                  @Override
                  protected Queue<String> create(String[] elements) {
                    ServedQueue<String> queue = manager.queue();
                    queue.addAll(Arrays.asList(elements));
                    return queue;
                  }
                })
            .named("ServedQueue")
            .withFeatures(
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.KNOWN_ORDER,
                CollectionSize.ANY)
            .createTestSuite());
  }

  /** The tests of a suite of the old sort. */
  private static Stream<DynamicTest> tests(Test test) {
    if (test instanceof TestSuite suite) {
      Stream.Builder<Test> all = Stream.builder();
      Enumeration<Test> inside = suite.tests();
      while (inside.hasMoreElements()) {
        all.add(inside.nextElement());
      }
      return all.build().flatMap(CollectionContractTest::tests);
    }
    String name = test instanceof TestCase one ? String.valueOf(one.getName()) : test.toString();
    return Stream.of(dynamicTest(name, () -> run(test)));
  }

  private static void run(Test test) throws Throwable {
    TestResult result = new TestResult();
    test.run(result);
    if (!result.wasSuccessful()) {
      Enumeration<TestFailure> failures =
          result.failureCount() > 0 ? result.failures() : result.errors();
      Throwable thrown = failures.nextElement().thrownException();
      throw thrown instanceof AssertionFailedError failed ? new AssertionError(failed) : thrown;
    }
  }
}
