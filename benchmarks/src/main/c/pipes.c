/*
 * Two processes that send each other four bytes through pipes: what a round trip through pipes
 * costs at least. Each line on standard input asks for one more measurement; the answer is a line
 * with the nanoseconds of a round trip.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { TRIPS = 20000 };

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int tell(int to, int value) {
  return write(to, &value, sizeof value) == sizeof value;
}

static int hear(int from, int *value) {
  return read(from, value, sizeof *value) == sizeof *value;
}

int main(void) {
  int there[2];
  int back[2];
  if (pipe(there) != 0 || pipe(back) != 0) {
    perror("pipe");
    return 1;
  }
  pid_t child = fork();
  if (child < 0) {
    perror("fork");
    return 1;
  }
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int value;
    while (hear(there[0], &value) && tell(back[1], value)) {
    }
    return 0;
  }
  printf("C %s\n", __VERSION__);
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    long long begin = now();
    for (int i = 0; i < TRIPS; i++) {
      int value;
      if (!tell(there[1], i) || !hear(back[0], &value) || value != i) {
        return 1;
      }
    }
    printf("%lld\n", (now() - begin) / TRIPS);
    fflush(stdout);
  }
  kill(child, SIGKILL);
  return 0;
}
