/**
 * Process-based parallelism for the JVM: processes, and pools of them, typed and crash-proof.
 *
 * <p>{@link dev.procession} holds what users start with; {@link dev.procession.function} the kinds
 * of function that can travel to another process; {@link dev.procession.channel} queues, {@link
 * dev.procession.sync} locks and the like between processes; {@link dev.procession.manager} objects
 * that are served to others; {@link dev.procession.memory} memory that they share; {@link
 * dev.procession.management} shows pools as managed beans. Everything else is hidden.
 */
module dev.procession {
  requires static org.jspecify;
  requires static java.logging;
  requires static java.management;
  requires static jdk.jshell;
  requires static jdk.jfr;
  requires jdk.unsupported;

  exports dev.procession;
  exports dev.procession.channel;
  exports dev.procession.function;
  exports dev.procession.interpreter;
  exports dev.procession.management;
  exports dev.procession.manager;
  exports dev.procession.memory;
  exports dev.procession.sync;
}
