package dev.procession.examples.images;

/** How it went with one picture. */
sealed interface Outcome permits ConvertedPicture, FailedPicture {
  /** The file's name. */
  String name();
}
