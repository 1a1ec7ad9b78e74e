/**
 * Objects served to other processes: both ends.
 *
 * <p>A {@link dev.procession.internal.manager.Server} has objects, and a {@link
 * dev.procession.internal.manager.Session} for each process that uses them; a {@link
 * dev.procession.internal.manager.Link} is the other end of that, one for each process and server.
 * A {@link dev.procession.internal.manager.Remote} is an object as others hold it: proxies refer to
 * it, and travel as a {@link dev.procession.internal.manager.Handle}. Servants, named after what
 * they serve, are the objects behind the types that the library itself provides.
 *
 * <p>Threads: any. Calls of collections run in the thread that reads the session; all others, which
 * may wait or run code of users, in threads of their own. Memory effects: what is done before a
 * call is visible to the object, and what the call does to who called, as between any two who talk.
 */
@NullMarked
package dev.procession.internal.manager;

import org.jspecify.annotations.NullMarked;
