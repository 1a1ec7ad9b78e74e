/**
 * Progress bars: {@link dev.procession.progress.ConsoleProgress} shows on a terminal how far a call
 * over many items is.
 *
 * <p>What is told comes from the thread that has made the call; it is drawn ten times a second by
 * one daemon thread, {@code ProgressBar}, that all bars of a program share.
 */
@NullMarked
package dev.procession.progress;

import org.jspecify.annotations.NullMarked;
