package dev.procession.internal.pool;

/**
 * Reads an input and submits it in pieces. For one thread, the one that called the pool: code of
 * users that reading and packing runs is at home there.
 */
interface Feed {
  /** Pieces per worker that may be under way. */
  int PIECES_AHEAD = 4;

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
   * How many items may be under way for each worker, so that none waits for more.
   *
   * @param submitted items of the last piece
   */
  default int ahead(int submitted) {
    return PIECES_AHEAD * submitted;
  }
}
