package dev.procession.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.internal.os.Os;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HoldersTest {
  private SharedObject object;
  private Holders holders;

  @BeforeEach
  void create() throws IOException {
    object = SharedObject.create("test", Holders.SIZE);
    holders = new Holders(object, SharedObject.at(0));
  }

  @AfterEach
  void remove() {
    object.unlink();
  }

  /** A participant that has ended. */
  static long dead() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid() << 32 | 1;
  }

  private static long living(Process process) {
    long start = Os.current().startTime(process.pid());
    return process.pid() << 32 | (start & 0xFFFF_FFFFL);
  }

  /** It goes from a process in front to a message behind, and from that to a process in front. */
  @Test
  void isHeld_whileItIsHandedOver_isAlwaysTrue() throws Exception {
    AtomicInteger misses = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    int front = holders.enter();
    List<Integer> between = new ArrayList<>();
    for (int i = 0; i < Holders.SLOTS - 20; i++) {
      between.add(holders.enter());
    }
    var back = holders.depart();
    between.forEach(holders::leave);
    var other = new Holders(object, SharedObject.at(0));
    Thread looks =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    if (!other.isHeld() || !other.isHeldByLiving()) {
                      misses.incrementAndGet();
                    }
                  }
                });
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < Duration.ofSeconds(1).toNanos()) {
      holders.leave(front);
      front = holders.enter();
      back.free();
      between.clear();
      for (int i = 0; i < Holders.SLOTS - 20; i++) {
        between.add(holders.enter());
      }
      back = holders.depart();
      between.forEach(holders::leave);
    }
    over.set(true);
    looks.join();
    assertThat(misses).hasValue(0);
  }

  @Test
  void enter_andDepart_whenThereIsNoSlot_fillThoseOfTheDeadThenThrow() throws Exception {
    long dead = dead();
    for (int i = 0; i < 10; i++) {
      object.words().setLong(SharedObject.at(128 + 16L * holders.enter()), dead);
    }
    Deque<Integer> slots = new ArrayDeque<>();
    for (int i = 0; i < Holders.SLOTS; i++) {
      slots.push(holders.enter());
    }
    assertThat(slots).doesNotHaveDuplicates();
    assertThatThrownBy(holders::enter).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(holders::depart).isInstanceOf(IllegalStateException.class);
    holders.leave(slots.pop());
    holders.depart().free();
    slots.push(holders.enter());
    slots.forEach(holders::leave);
    assertThat(holders.isHeld() || holders.isHeldByLiving()).isFalse();
  }

  @Test
  void depart_whenThereIsNoSlot_makesOneLast() {
    List<Holders.Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 2 * Holders.SLOTS; i++) {
      tickets.add(holders.depart());
    }
    tickets.forEach(Holders.Ticket::free);
    tickets.forEach(Holders.Ticket::free);
    assertThat(holders.isHeldByLiving()).isTrue();
  }

  @Test
  void free_twice_leavesTheNextInThatSlot() {
    var ticket = holders.depart();
    ticket.free();
    int slot = holders.enter();
    assertThat(slot).isEqualTo(ticket.slot());
    ticket.free();
    assertThat(holders.isHeld()).isTrue();
    holders.leave(slot);
    var next = holders.depart();
    ticket.free();
    assertThat(holders.isHeld()).isTrue();
    next.free();
    assertThat(holders.isHeld()).isFalse();
  }

  /** Somebody may have stopped while changing the table: whoever only looks does not wait. */
  @Test
  void isHeldByLiving_whileSomebodyChangesTheTable_returns() throws Exception {
    object.words().setLong(SharedObject.at(128 + 16L * holders.enter()), dead());
    Process stopped = new ProcessBuilder("sleep", "1000").start();
    try {
      object.words().setLong(SharedObject.at(0), living(stopped));
      Thread looks = Thread.ofPlatform().daemon().start(() -> holders.isHeldByLiving());
      looks.join(TimeUnit.SECONDS.toMillis(5));
      assertThat(looks.isAlive()).isFalse();
      assertThat(Participant.isAlive(object.words().getLong(SharedObject.at(0)))).isTrue();
    } finally {
      stopped.destroyForcibly().waitFor();
    }
  }
}
