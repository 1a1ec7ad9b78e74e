/**
 * Connections over sockets: the bytes, who is at the other end, and what of theirs is decoded.
 *
 * <p>{@link dev.procession.internal.socket.SocketEnd} is an endpoint over a {@link
 * dev.procession.internal.socket.Wire}, plain or TLS; {@link
 * dev.procession.internal.socket.Handshake} proves to each side that the other has the key, before
 * anything is decoded; {@link dev.procession.internal.socket.Door} accepts peers without letting
 * one of them delay another.
 *
 * <p>Threads: any. Memory effects: what is done before a message is sent is visible to who has
 * received it, as between any processes that talk through the system.
 */
@NullMarked
package dev.procession.internal.socket;

import org.jspecify.annotations.NullMarked;
