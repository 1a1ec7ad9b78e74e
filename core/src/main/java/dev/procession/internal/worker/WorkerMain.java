package dev.procession.internal.worker;

import dev.procession.internal.launch.Inherited;
import dev.procession.internal.launch.Message;
import dev.procession.internal.launch.Self;
import dev.procession.internal.launch.WorkerLink;
import dev.procession.internal.logging.LogSetup;
import dev.procession.internal.os.Os;
import dev.procession.internal.segment.SegmentFolder;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/**
 * Main class of a worker JVM. Arguments: path of the link's segment, path of the parent's wake-up
 * pipe or {@code -}, name, name of the parent, its pid, how many ancestors it has.
 *
 * <p>Everything until the hello is on the path of each start: no downcalls, lambdas, formats,
 * streams or regular expressions here.
 */
public final class WorkerMain {
  private WorkerMain() {}

  /** Runs the worker until the parent has no more for it, or is gone. */
  public static void main(String[] arguments) throws Throwable {
    ParentWatch watch = ParentWatch.start(Thread.currentThread(), Long.parseLong(arguments[4]));
    System.setIn(InputStream.nullInputStream());
    WorkerLink link = WorkerLink.open(arguments[0], arguments[1]);
    link.send(Message.HELLO);
    Os.current().ignoreInterruptKey();
    Runtime.getRuntime().addShutdownHook(new LastWord(link));
    SegmentFolder.deleteAtTheEndIf(new Dismissal(watch));
    Self.become(arguments[2]);
    Self.startedBy(arguments[3], Integer.parseInt(arguments[5]));
    RunningItem running = new RunningItem(Thread.currentThread(), link);
    watch.serve(running);
    if (System.getProperty(Inherited.LOG_LEVEL) != null
        || System.getProperty(Inherited.LOG_QUEUE) != null) {
      LogSetup.inWorker();
    }
    new WorkerLoop(link, running).run();
  }

  /** A class of its own, as a lambda would have to be linked at the start. */
  private record Dismissal(ParentWatch watch) implements BooleanSupplier {
    @Override
    public boolean getAsBoolean() {
      return watch.awaitDismissal();
    }
  }

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
