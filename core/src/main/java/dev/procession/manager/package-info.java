/**
 * Objects served to other processes and other machines.
 *
 * <p>A {@link dev.procession.manager.Manager} serves maps, lists, sets, queues, locks and the like,
 * and whatever else has an interface. Others hold proxies of them, which travel by any road, at any
 * time; an object lives as long as somebody holds it.
 *
 * <p>What is passed and returned is copied, but for proxies. Threads: any. Memory effects: what was
 * done before a call is visible to the object, and what the call did to who has called.
 */
@NullMarked
package dev.procession.manager;

import org.jspecify.annotations.NullMarked;
