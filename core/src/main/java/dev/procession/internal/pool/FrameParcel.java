package dev.procession.internal.pool;

import dev.procession.TaskNotSerializableException;
import dev.procession.internal.codec.Encoder;
import dev.procession.internal.codec.Frames;
import dev.procession.internal.codec.NotEncodableException;
import dev.procession.internal.launch.ParentClasses;

/** Values as bytes, for workers in other processes. */
record FrameParcel(Frames frames) implements Parcel {
  @Override
  public int count() {
    return frames.count();
  }

  @Override
  public int bytes(int from, int to) {
    return frames.start(to) - frames.start(from);
  }

  @Override
  public void discard(int index) {
    frames.discard(index);
  }

  /** Encodes values. */
  static final class FramePacker implements Packer {
    private final Encoder encoder = new Encoder(ParentClasses.get());

    @Override
    public void add(Object value) {
      try {
        encoder.add(value);
      } catch (NotEncodableException e) {
        throw new TaskNotSerializableException(String.valueOf(e.getMessage()), e);
      }
    }

    @Override
    public int bytes() {
      return encoder.length();
    }

    @Override
    public Parcel take() {
      return new FrameParcel(encoder.take());
    }
  }
}
