/** Keeps the texts of this repository true: what they name exists, and what exists is named. */
package dev.procession.site;
