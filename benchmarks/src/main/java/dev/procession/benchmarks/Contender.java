package dev.procession.benchmarks;

/**
 * Somebody who does what a comparison is about.
 *
 * @param name as the table says it
 */
record Contender(String name, Sampler sampler) {}
