package dev.procession.examples.images;

/**
 * A picture that was converted. Travels from the worker, as any record does.
 *
 * @param name of its file
 * @param width in pixels
 * @param height in pixels
 * @param bytes of its file
 * @param thumbnailBytes of the thumbnail
 * @param greyBytes of the greyscale copy
 * @param compressedBytes of the strongly compressed copy
 * @param sharpness variance of the Laplacian: some hundred or thousand, or little if it is blurred
 * @param millis that it took
 * @param worker that did it
 */
record ConvertedPicture(
    String name,
    int width,
    int height,
    long bytes,
    long thumbnailBytes,
    long greyBytes,
    long compressedBytes,
    double sharpness,
    long millis,
    String worker)
    implements Outcome {}
