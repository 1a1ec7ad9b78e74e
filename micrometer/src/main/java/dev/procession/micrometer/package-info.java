/**
 * Pools as meters: {@link dev.procession.micrometer.PoolMetrics} binds one to a Micrometer
 * registry.
 *
 * <p>Meters are read by the threads of the registry, whenever it is scraped or publishes; nothing
 * runs in between, and workers are not asked. What they show is at most 100 ms old.
 */
@NullMarked
package dev.procession.micrometer;

import org.jspecify.annotations.NullMarked;
