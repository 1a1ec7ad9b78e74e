package dev.procession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.internal.shared.SharedHandle;
import dev.procession.internal.shared.SharedObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VersionedSlotsTest {
  private static final long SETTING = SharedObject.at(0);
  private static final long SLOT = SharedObject.at(64);

  private final SharedHandle handle = SharedHandle.create("test", 128);
  private final VersionedSlots slots = new VersionedSlots(handle, SETTING);

  @AfterEach
  void close() {
    handle.close();
  }

  private long place(long version) {
    return SLOT + 8 + 8 * (version & 1);
  }

  private long setNext(long version) {
    long value = handle.words().getLong(place(version));
    handle.words().setLong(place(version + 1), value + 1);
    return value;
  }

  @Test
  void read_overtakenAsOftenAsSettingIsFree_takesItsTurn() {
    int[] overtaken = {0};
    long value =
        slots.read(
            SLOT,
            version -> {
              long seen = handle.words().getLong(place(version));
              if (handle.words().getLong(SETTING) == 0) {
                assertThat(slots.set(SLOT, this::setNext)).isEqualTo(overtaken[0]++);
              }
              return seen;
            });
    assertThat(overtaken[0]).isPositive();
    assertThat(value).isEqualTo(overtaken[0]);
    assertThat(handle.words().getLong(SETTING)).isZero();
  }

  @Test
  void setIf_anotherHasSetIt_doesNot() {
    assertThat(slots.setIf(SLOT, 1, this::setNext)).isFalse();
    assertThat(slots.setIf(SLOT, 0, this::setNext)).isTrue();
    long value = slots.read(SLOT, version -> handle.words().getLong(place(version)));
    assertThat(value).isEqualTo(1);
  }
}
