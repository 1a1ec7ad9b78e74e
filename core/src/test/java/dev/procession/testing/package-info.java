/** What watches the tests of all modules: leaks and hangs. */
package dev.procession.testing;
