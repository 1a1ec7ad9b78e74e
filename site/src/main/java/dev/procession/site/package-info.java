/**
 * Makes a static site of the texts in this repository: {@code Site} is its program, {@code Pages}
 * finds what becomes a page, {@code Markdown} and {@code Layout} make HTML of it. Nothing of this
 * is for other programs, and all of it is for one thread.
 */
@NullMarked
package dev.procession.site;

import org.jspecify.annotations.NullMarked;
