package dev.procession.internal.worker;

import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.Self;
import dev.procession.internal.launch.WorkerLink;
import dev.procession.internal.os.Os;
import dev.procession.internal.segment.SharedBytes;
import java.io.InputStream;

/**
 * Main class of a worker JVM. Arguments: path of the link's segment, path of the parent's wake-up
 * pipe or {@code -}, name, name of the parent, its pid.
 *
 * <p>Everything until the hello is on the path of each start: no downcalls, lambdas, formats,
 * streams or regular expressions here.
 */
public final class WorkerMain {
  private WorkerMain() {}

  /** Runs the worker until the parent has no more for it, or is gone. */
  public static void main(String[] arguments) throws Throwable {
    ParentWatch.start(Thread.currentThread(), Long.parseLong(arguments[4]));
    System.setIn(InputStream.nullInputStream());
    WorkerLink link = WorkerLink.open(arguments[0], arguments[1]);
    hello(link);
    Os.current().ignoreInterruptKey();
    Runtime.getRuntime().addShutdownHook(new LastWord(link));
    Self.become(arguments[2]);
    Self.startedBy(arguments[3]);
    new WorkerLoop(link).run();
  }

  private static void hello(WorkerLink link) {
    link.send(Message.HELLO, 0, NOTHING);
  }

  /** A class of its own, as a lambda would have to be linked. */
  @SuppressWarnings("UnnecessaryAnonymousClass")
  private static final WorkerLink.Body NOTHING =
      new WorkerLink.Body() {
        @Override
        public void write(SharedBytes target, int offset) {
          // the message says it all
        }
      };

  /** Says that the JVM ends by itself: a kill leaves no time for that. */
  private static final class LastWord extends Thread {
    private final WorkerLink link;

    LastWord(WorkerLink link) {
      super("procession-last-word");
      this.link = link;
    }

    @Override
    public void run() {
      link.shuttingDown();
    }
  }
}
