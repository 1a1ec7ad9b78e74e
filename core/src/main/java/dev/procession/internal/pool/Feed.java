package dev.procession.internal.pool;

/**
 * Reads an input and submits it in pieces. For one thread, the one that called the pool: code of
 * users that reading and packing runs is at home there.
 */
interface Feed {
  boolean hasNext();

  /**
   * Submits the next piece.
   *
   * @return how many items it has
   * @throws dev.procession.TaskNotSerializableException if an item cannot travel; those before it
   *     are submitted
   */
  int submitPiece(int mostItems);

  /** How many items the next piece should have. */
  int pieceSize();

  /**
   * How many items may be under way, so that no worker waits for more.
   *
   * @param submitted items of the last piece
   */
  int ahead(int submitted);
}
