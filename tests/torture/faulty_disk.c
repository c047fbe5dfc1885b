/* A disk that fails once: stands before the C library's calls by LD_PRELOAD.
 *
 * Calls of one kind on files below FAULTY_FOLDER are counted; the one whose turn it is fails with
 * the error that was asked for, and nothing else of it happens. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, WRITE, FLUSH, RENAME, KINDS };
static long seen[KINDS], turn = -1;
static int failing = -1, code;

void fail_at(int kind, long number, int error) {
    failing = kind;
    turn = number;
    code = error;
    memset(seen, 0, sizeof seen);
}

long calls_seen(int kind) { return seen[kind]; }

static int below(const char *path) {
    const char *folder = getenv("FAULTY_FOLDER");
    return folder && path && !strncmp(path, folder, strlen(folder));
}

static int fails(int kind) {
    long number = __sync_fetch_and_add(&seen[kind], 1);
    if (kind != failing || number != turn) return 0;
    errno = code;
    return 1;
}

static int path_fails(int kind, const char *path) { return below(path) && fails(kind); }

static int file_fails(int kind, int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return path_fails(kind, path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPENS(name)                                                  \
    int name(const char *path, int flags, ...) {                     \
        va_list rest;                                                \
        va_start(rest, flags);                                       \
        mode_t mode = va_arg(rest, mode_t);                          \
        va_end(rest);                                                \
        if (!(flags & O_DIRECTORY) && path_fails(OPEN, path)) return -1; \
        return NEXT(name)(path, flags, mode);                        \
    }
OPENS(open)
OPENS(open64)

ssize_t write(int file, const void *bytes, size_t count) {
    return file_fails(WRITE, file) ? -1 : NEXT(write)(file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    return file_fails(WRITE, file) ? -1 : NEXT(writev)(file, parts, count);
}

int fsync(int file) { return file_fails(FLUSH, file) ? -1 : NEXT(fsync)(file); }

int rename(const char *from, const char *to) {
    return path_fails(RENAME, from) ? -1 : NEXT(rename)(from, to);
}

int link(const char *from, const char *to) {
    return path_fails(RENAME, to) ? -1 : NEXT(link)(from, to);
}

int linkat(int one, const char *from, int other, const char *to, int flags) {
    return path_fails(RENAME, to) ? -1 : NEXT(linkat)(one, from, other, to, flags);
}
