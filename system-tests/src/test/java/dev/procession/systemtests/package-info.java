/** Tests with programs that run as processes of their own, started in all the ways Java has. */
package dev.procession.systemtests;
