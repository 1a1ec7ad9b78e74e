package dev.procession.internal.manager;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.channel.MessageNotReadableException;
import dev.procession.internal.channel.ObjectMessages;
import java.io.ObjectInputFilter;
import java.util.BitSet;
import java.util.List;
import java.util.Vector;
import org.junit.jupiter.api.Test;

class HandleTest {
  @SuppressWarnings("JdkObsolete") // it is serialized by the JDK
  private static byte[] encoded(byte[] key) {
    Admission admission = new Admission(key, 1, null, false);
    Handle handle = new Handle("server", "nowhere", 1, Kind.MAP, null, Handle.HELD, admission);
    List<Object> inJdksForm = new Vector<>(List.of(handle, new BitSet()));
    return ObjectMessages.encode(inJdksForm).bytes();
  }

  @Test
  void handle_ofStranger_mayNotSayHowToConnect() {
    byte[] bytes = encoded(new byte[] {1, 2, 3});
    ObjectInputFilter filter = info -> ObjectInputFilter.Status.ALLOWED;

    assertThatThrownBy(() -> ObjectMessages.decode(bytes, 0, filter))
        .isInstanceOf(MessageNotReadableException.class)
        .hasMessageContaining("a stranger says how to connect");
  }

  @Test
  void handle_ofRelative_maySayHowToConnect() {
    byte[] bytes = encoded(new byte[] {1, 2, 3});

    assertThatThrownBy(() -> ObjectMessages.decode(bytes))
        .isInstanceOf(MessageNotReadableException.class)
        .hasMessageNotContaining("stranger");
  }
}
