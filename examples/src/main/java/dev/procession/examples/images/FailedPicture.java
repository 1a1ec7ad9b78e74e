package dev.procession.examples.images;

/**
 * A picture that could not be converted.
 *
 * @param name of its file
 * @param reason in a line
 */
record FailedPicture(String name, String reason) implements Outcome {}
