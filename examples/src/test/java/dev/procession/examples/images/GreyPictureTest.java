package dev.procession.examples.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

/** Brightness and sharpness. */
class GreyPictureTest {
  @Test
  void keepsTheBrightnessOfColours() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, Color.WHITE.getRGB());
    image.setRGB(1, 0, Color.GREEN.getRGB());
    BufferedImage grey = GreyPicture.of(image).toImage();
    assertThat(grey.getRaster().getSample(0, 0, 0)).isEqualTo(255);
    assertThat(grey.getRaster().getSample(1, 0, 0)).isEqualTo(149);
  }

  @Test
  void sharpnessIsTheVarianceOfTheLaplacian() {
    BufferedImage board = new BufferedImage(4, 4, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 16; i++) {
      board.setRGB(i % 4, i / 4, (i + i / 4) % 2 == 0 ? Color.WHITE.getRGB() : 0);
    }
    // +1020 where it is white, -1020 where it is black
    assertThat(GreyPicture.of(board).sharpness()).isEqualTo(1020.0 * 1020);
  }

  @Test
  void plainAndTinyPicturesAreNotSharp() {
    BufferedImage plain = new BufferedImage(30, 20, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = plain.createGraphics();
    graphics.setColor(Color.ORANGE);
    graphics.fillRect(0, 0, 30, 20);
    graphics.dispose();
    assertThat(GreyPicture.of(plain).sharpness()).isZero();
    BufferedImage tiny = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
    assertThat(GreyPicture.of(tiny).sharpness()).isZero();
  }

  @Test
  void pictureOutOfFocusIsLessSharp() {
    GreyPicture sharp = GreyPicture.of(new Landscape(8, 600, 400).paint());
    GreyPicture blurred = GreyPicture.of(new Landscape(12, 600, 400).paint());
    assertThat(blurred.sharpness()).isLessThan(sharp.sharpness() / 2);
  }
}
