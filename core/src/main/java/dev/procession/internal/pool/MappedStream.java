package dev.procession.internal.pool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/**
 * A step of a stream that maps in a pool, as it runs: submits elements in pieces while they come,
 * and passes results on in their order once as many are under way as may be. For one thread.
 */
final class MappedStream<T extends @Nullable Object, R extends @Nullable Object> {
  private final Elements<T> elements = new Elements<>();
  private final Collector collector;
  private final Feed feed;
  private final int ahead;
  private final Runnable onEnd;
  private boolean ended;

  /** Makes what feeds a collector from elements. */
  interface FeedOf {
    Feed of(Collector collector, Iterator<?> elements);
  }

  /**
   * @param ahead elements that may be under way
   * @param onEnd called once, when nobody takes results any more
   */
  MappedStream(Collector collector, FeedOf feed, int ahead, Runnable onEnd) {
    this.collector = collector;
    this.feed = feed.of(collector, elements);
    this.ahead = ahead;
    this.onEnd = onEnd;
  }

  /** Elements that have come and were not submitted. */
  private static final class Elements<T extends @Nullable Object> implements Iterator<T> {
    private final List<T> waiting = new ArrayList<>();
    private int next;

    int size() {
      return waiting.size() - next;
    }

    @Override
    public boolean hasNext() {
      return size() > 0;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      T element = waiting.get(next++);
      if (next == waiting.size()) {
        waiting.clear();
        next = 0;
      }
      return element;
    }
  }

  /** Takes an element; false when no more are wanted. */
  boolean integrate(T element, Gatherer.Downstream<? super R> downstream) {
    boolean _ = elements.waiting.add(element);
    boolean wanted = true;
    if (elements.size() >= Math.min(feed.pieceSize(), ahead)) {
      wanted = submit(downstream);
    }
    return wanted;
  }

  /** No more elements come. */
  void finish(Gatherer.Downstream<? super R> downstream) {
    boolean wanted = !downstream.isRejecting();
    while (wanted && elements.size() > 0) {
      wanted = submit(downstream);
    }
    while (wanted && collector.untaken() > 0) {
      wanted = push(downstream);
    }
    end();
  }

  private boolean submit(Gatherer.Downstream<? super R> downstream) {
    boolean wanted = true;
    while (wanted && collector.untaken() + elements.size() > ahead && collector.untaken() > 0) {
      wanted = push(downstream);
    }
    boolean submitted = false;
    try {
      submitted = wanted && feed.submitPiece(ahead) > 0;
      return submitted;
    } finally {
      if (!submitted) {
        end();
      }
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // null is a value where R says so
  private boolean push(Gatherer.Downstream<? super R> downstream) {
    boolean pushed = false;
    try {
      boolean wanted = downstream.push((R) collector.takeValue());
      pushed = true;
      return wanted;
    } finally {
      if (!pushed) {
        end();
      }
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      onEnd.run();
    }
  }
}
