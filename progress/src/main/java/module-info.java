/** Progress bars on terminals, for calls of Procession over many items. */
module dev.procession.progress {
  requires transitive dev.procession;
  requires me.tongfei.progressbar;
  requires static org.jspecify;

  exports dev.procession.progress;
}
