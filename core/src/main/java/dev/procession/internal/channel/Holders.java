package dev.procession.internal.channel;

import dev.procession.internal.codec.Attachment;
import dev.procession.internal.segment.SharedWords;
import dev.procession.internal.shared.OwnedWord;
import dev.procession.internal.shared.Participant;
import dev.procession.internal.shared.SharedObject;

/**
 * Who holds an end of a pipe: processes, and messages in which it is under way.
 *
 * <pre>
 *     0  owned by who changes the table     8 bytes     see OwnedWord
 *     8  number of the last ticket          8 bytes
 *    16  how often a slot was taken         8 bytes     written behind the slot
 *   128  slots                              16 bytes each:
 *          process, or 0                    8 bytes     see Participant
 *          number of a ticket, or 0         8 bytes
 * </pre>
 *
 * <p>A slot without a ticket is of a process that holds the end. One with a ticket is of a message
 * that a process has sent, and held for as long as that lives, or until the message arrives, which
 * is when its ticket is found. Where there is no room for another ticket, one is made to last for
 * as long as the process does.
 *
 * <p>Slots are changed by who owns the table, and read by everybody. A slot is of nobody until its
 * first word is written, which is written last. Who finds all slots empty looks again if one was
 * taken meanwhile: it may have been in front of the look, and given up behind it was another, by
 * whoever went from this to that. Thread-safe.
 */
final class Holders {
  static final int SLOTS = 248;
  static final int SIZE = 128 + 16 * SLOTS;

  private static final int LAST_TICKET = 8;
  private static final int TAKEN = 16;
  private static final int FIRST_SLOT = 128;
  private static final int SLOT_SIZE = 16;
  private static final int TICKET = 8;

  /** Number in the slot of a process. */
  private static final long NO_TICKET = 0;

  /** Number of a ticket that nobody has. */
  private static final long LASTING_TICKET = -1;

  private static final int NO_SLOT = -1;

  private final SharedWords words;
  private final long offset;
  private final OwnedWord changing;

  /** A slot that was somebody's when last looked at. */
  private volatile int known;

  /**
   * @param offset of the table in the object's words
   */
  Holders(SharedObject object, long offset) {
    this.words = object.words();
    this.offset = offset;
    this.changing = new OwnedWord(object, offset);
  }

  private long slot(int index) {
    return offset + FIRST_SLOT + (long) SLOT_SIZE * index;
  }

  /**
   * This process holds it from now on.
   *
   * @return the slot
   * @throws IllegalStateException if too many processes do
   */
  int enter() {
    boolean _ = changing.takeAnyway();
    try {
      int slot = add(NO_TICKET);
      if (slot == NO_SLOT) {
        throw new IllegalStateException("too many hold this end of a pipe: " + SLOTS);
      }
      return slot;
    } finally {
      boolean _ = changing.free();
    }
  }

  /** This process holds it no more. */
  void leave(int slot) {
    words.setLong(slot(slot), Participant.NOBODY);
  }

  /** The end as it is under way. */
  record Ticket(Holders holders, int slot, long number) implements Attachment {
    @Override
    public void free() {
      holders.arrive(slot, number);
    }
  }

  /** It departs with a message of this process. */
  Ticket depart() {
    boolean _ = changing.takeAnyway();
    try {
      long number = words.getLong(offset + LAST_TICKET) + 1;
      words.setLong(offset + LAST_TICKET, number);
      int slot = add(number);
      if (slot == NO_SLOT) {
        makeOneLast();
        return new Ticket(this, 0, LASTING_TICKET);
      }
      return new Ticket(this, slot, number);
    } finally {
      boolean _ = changing.free();
    }
  }

  private void makeOneLast() {
    for (int i = 0; i < SLOTS; i++) {
      long slot = slot(i);
      if (Participant.isMe(words.getLong(slot)) && words.getLong(slot + TICKET) != NO_TICKET) {
        words.setLong(slot + TICKET, LASTING_TICKET);
        return;
      }
    }
    throw new IllegalStateException("too many hold this end of a pipe: " + SLOTS);
  }

  /** A message has arrived, or never will. */
  void arrive(int slot, long number) {
    if (number == LASTING_TICKET) {
      return;
    }
    boolean _ = changing.takeAnyway();
    try {
      if (words.getLong(slot(slot) + TICKET) == number) {
        words.setLong(slot(slot), Participant.NOBODY);
      }
    } finally {
      boolean _ = changing.free();
    }
  }

  private int add(long number) {
    int free = free();
    if (free == NO_SLOT && dropDead()) {
      free = free();
    }
    if (free != NO_SLOT) {
      words.setLong(slot(free) + TICKET, number);
      words.setLong(slot(free), Participant.me());
      words.setLong(offset + TAKEN, words.getLong(offset + TAKEN) + 1);
    }
    return free;
  }

  private int free() {
    for (int i = 0; i < SLOTS; i++) {
      if (words.getLong(slot(i)) == Participant.NOBODY) {
        return i;
      }
    }
    return NO_SLOT;
  }

  /** Whether somebody holds it, perhaps without knowing that it is dead; costs next to nothing. */
  boolean isHeld() {
    int index = known;
    if (words.getLong(slot(index)) != Participant.NOBODY) {
      return true;
    }
    long taken;
    do {
      taken = words.getLong(offset + TAKEN);
      for (int i = 0; i < SLOTS; i++) {
        if (words.getLong(slot(i)) != Participant.NOBODY) {
          known = i;
          return true;
        }
      }
    } while (taken != words.getLong(offset + TAKEN));
    return false;
  }

  /** Whether somebody holds it who lives; asks the system. */
  boolean isHeldByLiving() {
    long dead = Participant.NOBODY;
    long taken;
    do {
      taken = words.getLong(offset + TAKEN);
      for (int i = 0; i < SLOTS; i++) {
        long holder = words.getLong(slot(i));
        if (holder == Participant.NOBODY || holder == dead) {
          continue;
        }
        if (Participant.isAlive(holder)) {
          known = i;
          return true;
        }
        dead = holder;
      }
    } while (taken != words.getLong(offset + TAKEN));
    if (dead != Participant.NOBODY) {
      dropDeadIfFree();
    }
    return false;
  }

  /** Does so unless somebody changes the table, who may have stopped. */
  private void dropDeadIfFree() {
    if (changing.tryTake() != OwnedWord.Result.NOT_TAKEN) {
      try {
        boolean _ = dropDead();
      } finally {
        boolean _ = changing.free();
      }
    }
  }

  /** Empties the slots of the dead; whether there were any. Of who owns the table. */
  private boolean dropDead() {
    boolean dropped = false;
    for (int i = 0; i < SLOTS; i++) {
      long holder = words.getLong(slot(i));
      if (holder != Participant.NOBODY && !Participant.isAlive(holder)) {
        words.setLong(slot(i), Participant.NOBODY);
        dropped = true;
      }
    }
    return dropped;
  }
}
