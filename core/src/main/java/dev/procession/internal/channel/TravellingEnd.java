package dev.procession.internal.channel;

import java.io.InvalidObjectException;
import java.io.Serial;
import java.io.Serializable;

/** An end of a connection in something that travels; a class, as records travel by themselves. */
public final class TravellingEnd implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Endpoint end;

  public TravellingEnd(Endpoint end) {
    this.end = end;
  }

  /** The end, open here. */
  public Endpoint end() {
    return end;
  }

  @Serial
  private Object writeReplace() {
    return new Departed(end.depart());
  }

  private record Departed(Endpoint.Reference reference) implements Serializable {
    @Serial
    private Object readResolve() throws InvalidObjectException {
      return new TravellingEnd(PipeEnd.arrived(reference));
    }
  }
}
