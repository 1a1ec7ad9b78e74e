/*
 * Two processes that wake each other by futexes on shared memory, never spinning: what a round trip
 * between processes costs at least where both sleep. Each line on standard input asks for one more
 * measurement; the answer is a line with the nanoseconds of a round trip.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TRIPS = 20000 };

struct words {
  _Alignas(128) _Atomic int ping;
  _Alignas(128) _Atomic int pong;
};

static void await(_Atomic int *word, int expected) {
  while (atomic_load(word) != expected) {
    syscall(SYS_futex, word, FUTEX_WAIT, expected - 1, NULL, NULL, 0);
  }
}

static void tell(_Atomic int *word, int value) {
  atomic_store(word, value);
  syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void echo(struct words *words) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int trip = 1;; trip++) {
    await(&words->ping, trip);
    tell(&words->pong, trip);
  }
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void) {
  struct words *words =
      mmap(NULL, sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (words == MAP_FAILED) {
    perror("mmap");
    return 1;
  }
  pid_t child = fork();
  if (child < 0) {
    perror("fork");
    return 1;
  }
  if (child == 0) {
    echo(words);
  }
  printf("C %s\n", __VERSION__);
  fflush(stdout);
  int trip = 0;
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    long long begin = now();
    for (int i = 0; i < TRIPS; i++) {
      trip++;
      tell(&words->ping, trip);
      await(&words->pong, trip);
    }
    printf("%lld\n", (now() - begin) / TRIPS);
    fflush(stdout);
  }
  kill(child, SIGKILL);
  return 0;
}
