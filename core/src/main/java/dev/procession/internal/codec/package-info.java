/**
 * Values as bytes: what travels between processes, and how.
 *
 * <p>{@link dev.procession.internal.codec.Encoder} turns values into {@link
 * dev.procession.internal.codec.Frames}, {@link dev.procession.internal.codec.Decoder} does the
 * reverse. Plain values have a compact form ({@link dev.procession.internal.codec.Tag}); lambdas
 * travel as a {@link dev.procession.internal.codec.LambdaShape} that the other side is told once,
 * and what they captured; anything else is JDK serialization. Large arrays go to a block of their
 * own, a {@link dev.procession.internal.codec.Blob}.
 *
 * <p>Threads: an encoder belongs to one thread at a time; decoders are thread-safe; frames are
 * immutable. Memory effects: none of their own.
 */
@NullMarked
package dev.procession.internal.codec;

import org.jspecify.annotations.NullMarked;
