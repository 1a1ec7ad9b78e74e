/** The program {@code images}: converts a folder of pictures in a pool of processes. */
@NullMarked
package dev.procession.examples.images;

import org.jspecify.annotations.NullMarked;
