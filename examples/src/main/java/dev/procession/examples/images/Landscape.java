package dev.procession.examples.images;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Random;

/**
 * A picture somewhat like a photograph: sky, hills, trees, the grain of film, and a number. Some
 * are out of focus. The same number and size give the same pixels on every machine.
 */
final class Landscape {
  private static final int HILLS = 5;
  private static final int TREES = 300;
  private static final int BLUR = 6;

  /** Segments of the digits from 0 to 9: top, upper left and right, middle, lower ones, bottom. */
  private static final int[] DIGITS = {
    0b1110111, 0b0100100, 0b1011101, 0b1101101, 0b0101110,
    0b1101011, 0b1111011, 0b0100101, 0b1111111, 0b1101111
  };

  private final int number;
  private final int width;
  private final int height;
  private final Random random;

  Landscape(int number, int width, int height) {
    this.number = number;
    this.width = width;
    this.height = height;
    this.random = new Random(number);
  }

  BufferedImage paint() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      paintSky(graphics);
      for (int hill = 0; hill < HILLS; hill++) {
        paintHill(graphics, hill);
      }
      paintNumber(graphics);
    } finally {
      graphics.dispose();
    }
    boolean isBlurred = number % 3 == 0;
    BufferedImage focused = isBlurred ? blurred(image) : image;
    addGrain(focused, number % 4 + 3);
    return focused;
  }

  private void paintSky(Graphics2D graphics) {
    float hue = 0.52F + 0.12F * random.nextFloat();
    Color zenith = Color.getHSBColor(hue, 0.7F, 0.85F);
    Color horizon = Color.getHSBColor(0.08F, 0.25F, 1);
    graphics.setPaint(new GradientPaint(0, 0, zenith, 0, height * 0.6F, horizon));
    graphics.fill(new Rectangle2D.Float(0, 0, width, height));
    double sun = height * 0.08;
    graphics.setPaint(new Color(255, 250, 220));
    graphics.fill(
        new Ellipse2D.Double(random.nextDouble() * width, random.nextDouble() * sun, sun, sun));
  }

  private void paintHill(Graphics2D graphics, int hill) {
    double base = height * (0.4 + 0.11 * hill);
    double[] phases = random.doubles(4, 0, 2 * Math.PI).toArray();
    Polygon outline = new Polygon();
    outline.addPoint(0, height);
    for (int x = 0; x <= width; x += 4) {
      double y = base;
      for (int wave = 0; wave < phases.length; wave++) {
        double frequency = (2 << wave) * Math.PI / width;
        y += height * 0.05 / (1 << wave) * Math.sin(frequency * x + phases[wave]);
      }
      outline.addPoint(x, (int) y);
    }
    outline.addPoint(width, height);
    graphics.setPaint(Color.getHSBColor(0.25F + 0.04F * hill, 0.55F, 0.75F - 0.12F * hill));
    graphics.fill(outline);
    for (int tree = 0; tree < TREES; tree++) {
      paintTree(graphics, outline, hill);
    }
  }

  private void paintTree(Graphics2D graphics, Polygon outline, int hill) {
    int place = 1 + random.nextInt(outline.npoints - 2);
    int size = (int) (height * 0.01 * (hill + 1) * (0.6 + random.nextDouble()));
    int x = outline.xpoints[place];
    int y = outline.ypoints[place] + random.nextInt(1 + size);
    graphics.setPaint(
        Color.getHSBColor(
            0.28F + 0.1F * random.nextFloat(), 0.7F, 0.2F + 0.3F * random.nextFloat()));
    int[] xs = {x - size / 3, x, x + size / 3};
    int[] ys = {y, y - size, y};
    graphics.fillPolygon(xs, ys, xs.length);
  }

  /** Digits of seven segments, as there need not be any fonts where there is no display. */
  private void paintNumber(Graphics2D graphics) {
    int unit = Math.max(1, height / 100);
    int right = width - 4 * unit;
    graphics.setPaint(new Color(250, 200, 40));
    for (int rest = number; rest > 0; rest /= 10) {
      right -= 6 * unit;
      paintDigit(graphics, rest % 10, right, height - 14 * unit, unit);
      right -= 2 * unit;
    }
  }

  private static void paintDigit(Graphics2D graphics, int digit, int x, int y, int unit) {
    for (int segment = 0; segment < 7; segment++) {
      if ((DIGITS[digit] >> segment & 1) != 0) {
        boolean lies = segment % 3 == 0;
        int row = segment / 3;
        int column = segment % 3 == 2 ? 4 : 0;
        graphics.fillRect(
            x + (lies ? 0 : column * unit),
            y + 4 * row * unit,
            (lies ? 5 : 1) * unit,
            (lies ? 1 : 5) * unit);
      }
    }
  }

  private BufferedImage blurred(BufferedImage image) {
    BufferedImage small =
        Conversion.scaled(image, Math.max(1, width / BLUR), Math.max(1, height / BLUR));
    return Conversion.scaled(small, width, height);
  }

  private void addGrain(BufferedImage image, int strength) {
    byte[] bytes = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < bytes.length; i++) {
      int grain = random.nextInt(2 * strength + 1) - strength;
      bytes[i] = (byte) Math.clamp((bytes[i] & 0xFF) + grain, 0, 255);
    }
  }
}
