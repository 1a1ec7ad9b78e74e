package dev.procession.examples.images;

import dev.procession.ChildProcess;
import dev.procession.examples.images.TargetFolder.Kind;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a worker does with a picture. */
final class Conversion {
  private static final int THUMBNAIL_PIXELS = 256;
  private static final float FINE = 0.9F;
  private static final float COARSE = 0.15F;

  private Conversion() {}

  /**
   * Converts a picture.
   *
   * @param source the file
   * @param target with the folders for the results
   */
  static ConvertedPicture convert(Path source, Path target) throws IOException {
    long begin = System.nanoTime();
    String name = source.getFileName().toString();
    BufferedImage image = PictureFiles.read(source);
    GreyPicture grey = GreyPicture.of(image);
    return new ConvertedPicture(
        name,
        image.getWidth(),
        image.getHeight(),
        Files.size(source),
        write(shrink(image), FINE, TargetFolder.file(target, Kind.THUMBNAIL, name)),
        write(grey.toImage(), FINE, TargetFolder.file(target, Kind.GREY, name)),
        write(image, COARSE, TargetFolder.file(target, Kind.COMPRESSED, name)),
        grey.sharpness(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
        ChildProcess.current().name());
  }

  private static long write(BufferedImage image, float quality, Path file) throws IOException {
    PictureFiles.writeJpeg(image, quality, file);
    return Files.size(file);
  }

  /** Halves it until it is nearly small enough: in one go, most pixels would not count. */
  private static BufferedImage shrink(BufferedImage image) {
    double scale =
        Math.min(1, (double) THUMBNAIL_PIXELS / Math.max(image.getWidth(), image.getHeight()));
    int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
    BufferedImage smaller = image;
    while (smaller.getWidth() / 2 >= width && smaller.getHeight() / 2 >= height) {
      smaller = scaled(smaller, smaller.getWidth() / 2, smaller.getHeight() / 2);
    }
    return scaled(smaller, width, height);
  }

  static BufferedImage scaled(BufferedImage image, int width, int height) {
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = result.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.drawImage(image, 0, 0, width, height, null);
    } finally {
      graphics.dispose();
    }
    return result;
  }
}
