package dev.procession.internal.manager;

import dev.procession.internal.codec.Attachment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a client holds from the moment on at which a proxy is encoded for it: once for each proxy,
 * however often that is looked at until then.
 */
final class Grant implements Attachment {
  private final Server server;
  private final ServedObject object;
  private final Client client;
  private final Handle handle;
  private final AtomicBoolean free = new AtomicBoolean();

  Grant(Server server, ServedObject object, Client client, Handle handle) {
    this.server = server;
    this.object = object;
    this.client = client;
    this.handle = handle;
  }

  Handle handle() {
    return handle;
  }

  @Override
  public void free() {
    if (free.compareAndSet(false, true)) {
      object.release(client, 1);
      server.removeIfGone(object);
    }
  }
}
