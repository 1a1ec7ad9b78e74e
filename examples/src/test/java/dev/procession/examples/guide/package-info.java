/**
 * The examples of the guide, each inside a test. What a chapter shows is the text of a part of
 * these files, or of a recipe: a test of the site compares them.
 */
package dev.procession.examples.guide;
