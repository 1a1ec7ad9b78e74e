package dev.procession.internal.launch;

import dev.procession.internal.os.SystemThreads;
import dev.procession.internal.segment.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Serves classes and resources of this process's loaders to a worker. */
final class ClassServer {
  private final ParentLink link;

  ClassServer(ParentLink link) {
    this.link = link;
  }

  /** Answers a {@link Message#FIND_RESOURCE}, in a thread of its own. */
  void serve(ByteBuffer body) {
    int request = body.getInt();
    int loader = body.getInt();
    int pathLength = body.getInt();
    String path = text(body, pathLength);
    Path reply = Path.of(text(body, body.remaining()));
    if (!SharedFile.isOurs(reply, ClassReply.KIND)) {
      throw new IllegalStateException("no file for a reply: path=" + reply);
    }
    // a loader may run anybody's code
    SystemThreads.run(() -> answer(request, loader, path, reply));
  }

  private static String text(ByteBuffer body, int length) {
    byte[] bytes = new byte[length];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void answer(int request, int loader, String path, Path reply) {
    try {
      ClassReply.of(ParentClasses.get().resource(loader, path)).write(reply);
    } catch (IOException e) {
      SharedFile.delete(reply); // the worker finds nothing, which is so
    }
    link.classReplied(request);
  }
}
