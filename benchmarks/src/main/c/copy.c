/*
 * One memcpy of 64 MiB between buffers whose pages are there. Each line on standard input asks for
 * one more measurement; the answer is a line with its nanoseconds.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const size_t BYTES = 64 << 20;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void) {
  char *from = malloc(BYTES);
  char *to = malloc(BYTES);
  if (from == NULL || to == NULL) {
    return 1;
  }
  memset(from, 1, BYTES);
  memset(to, 2, BYTES);
  printf("C %s\n", __VERSION__);
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    long long begin = now();
    memcpy(to, from, BYTES);
    long long nanos = now() - begin;
    if (to[BYTES - 1] != from[BYTES - 1]) {
      return 1;
    }
    printf("%lld\n", nanos);
    fflush(stdout);
  }
  return 0;
}
