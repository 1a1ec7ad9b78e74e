package dev.procession.interpreter;

final class InterpreterQueue {}
