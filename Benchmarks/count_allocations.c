// Counts allocations: cc -shared -fPIC -O2 -o count.so count_allocations.c -ldl; LD_PRELOAD=./count.so COMMAND
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
static long calls;
static void *(*next_malloc)(size_t), *(*next_realloc)(void *, size_t);
static int (*next_memalign)(void **, size_t, size_t);
void *malloc(size_t n) {
  if (!next_malloc) next_malloc = dlsym(RTLD_NEXT, "malloc");
  __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  return next_malloc(n);
}
void *realloc(void *p, size_t n) {
  if (!next_realloc) next_realloc = dlsym(RTLD_NEXT, "realloc");
  __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  return next_realloc(p, n);
}
int posix_memalign(void **p, size_t a, size_t n) {
  if (!next_memalign) next_memalign = dlsym(RTLD_NEXT, "posix_memalign");
  __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  return next_memalign(p, a, n);
}
__attribute__((destructor)) static void report(void) { fprintf(stderr, "%ld allocations\n", calls); }
