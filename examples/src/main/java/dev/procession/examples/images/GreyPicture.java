package dev.procession.examples.images;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** A picture without its colours: a byte for the brightness of each pixel, row after row. */
final class GreyPicture {
  private final int width;
  private final int height;
  private final byte[] brightness;

  private GreyPicture(int width, int height, byte[] brightness) {
    this.width = width;
    this.height = height;
    this.brightness = brightness;
  }

  /** Takes the colours from a picture as {@link PictureFiles#read} has them: blue, green, red. */
  static GreyPicture of(BufferedImage image) {
    byte[] colours = bytes(image);
    byte[] brightness = new byte[image.getWidth() * image.getHeight()];
    for (int i = 0; i < brightness.length; i++) {
      int blue = colours[3 * i] & 0xFF;
      int green = colours[3 * i + 1] & 0xFF;
      int red = colours[3 * i + 2] & 0xFF;
      brightness[i] = (byte) ((29 * blue + 150 * green + 77 * red) >> 8);
    }
    return new GreyPicture(image.getWidth(), image.getHeight(), brightness);
  }

  private static byte[] bytes(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  BufferedImage toImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    System.arraycopy(brightness, 0, bytes(image), 0, brightness.length);
    return image;
  }

  /** The variance of how much a pixel differs from the four around it; 0 if there are none. */
  double sharpness() {
    long count = (width - 2L) * (height - 2L);
    if (width < 3 || height < 3) {
      return 0;
    }
    long sum = 0;
    long squares = 0;
    for (int y = 1; y < height - 1; y++) {
      int end = (y + 1) * width - 1;
      for (int i = y * width + 1; i < end; i++) {
        int difference = 4 * at(i) - at(i - 1) - at(i + 1) - at(i - width) - at(i + width);
        sum += difference;
        squares += (long) difference * difference;
      }
    }
    double mean = (double) sum / count;
    return (double) squares / count - mean * mean;
  }

  private int at(int index) {
    return brightness[index] & 0xFF;
  }
}
