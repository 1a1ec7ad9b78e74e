/** Pools of Procession as meters of Micrometer. */
module dev.procession.micrometer {
  requires transitive dev.procession;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.procession.micrometer;
}
