/**
 * Pools as managed beans, for {@code jconsole} and its kind. Needs the module {@code
 * java.management}, which nothing else here does.
 */
@NullMarked
package dev.procession.management;

import org.jspecify.annotations.NullMarked;
