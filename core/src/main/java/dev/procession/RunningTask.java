package dev.procession;

import java.io.Serializable;
import java.time.Duration;

/**
 * A task, or an item of a map, that runs.
 *
 * @param label what it is called
 * @param running for how long; zero for items that take some microseconds only, which are not
 *     watched
 * @param done what it has reported as done by {@link Task#progress}, 0 at first
 * @param total of so much; negative if that is not known
 */
public record RunningTask(String label, Duration running, long done, long total)
    implements Serializable {}
