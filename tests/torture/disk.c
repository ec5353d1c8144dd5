/*
 * Stands between the program and the disk (LD_PRELOAD): keeps a recording of everything that changes a folder,
 * in the order in which it happened, and can let one change fail.
 *
 *   TORTURE_ROOT    the folder; nothing outside it is recorded or failed
 *   TORTURE_RECORD  file for the recording
 *   TORTURE_FAIL    "N ERRNO": the Nth change after "#armed" fails once; "0 ERRNO": all of them fail
 *   TORTURE_COUNT   file that gets the number of changes at the end
 *
 * A line that the program prints is part of the recording: what it acknowledged, it acknowledged after what stands
 * before. Renames that bypass the C library are seen by the listing that a flush of their folder brings with it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum op { WRITE = 1, TRUNCATE, SYNC, CREATE, RENAME, UNLINK, FOLDER, LISTING, SAID };

struct head {
    uint32_t op, first_len, second_len, pad;
    uint64_t inode, offset, length;
};

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_len;
static int record_fd = -1;
static volatile int armed;
static long fail_at = -1, counted;
static int fail_with;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("TORTURE_ROOT");
    if (text && realpath(text, root)) root_len = strlen(root);
    text = getenv("TORTURE_RECORD");
    if (text) record_fd = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    text = getenv("TORTURE_FAIL");
    if (text && sscanf(text, "%ld %d", &fail_at, &fail_with) != 2) fail_at = -1;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("TORTURE_COUNT");
    char text[32];
    if (!path) return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int length = snprintf(text, sizeof text, "%ld", counted);
    if (fd >= 0 && syscall(SYS_write, fd, text, (size_t)length) > 0) syscall(SYS_close, fd);
}

static void put(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        long done = syscall(SYS_write, record_fd, at, length);
        if (done <= 0) _exit(97);
        at += done;
        length -= (size_t)done;
    }
}

static void note(enum op op, uint64_t inode, const char *first, const char *second, uint64_t offset,
                 const void *data, uint64_t length) {
    if (record_fd < 0) return;
    struct head head = {op, first ? (uint32_t)strlen(first) : 0, second ? (uint32_t)strlen(second) : 0,
                        0, inode, offset, length};
    put(&head, sizeof head);
    if (first) put(first, head.first_len);
    if (second) put(second, head.second_len);
    if (data) put(data, length);
}

static int inside(const char *path) {
    return root_len > 0 && strncmp(path, root, root_len) == 0 && (path[root_len] == '/' || path[root_len] == 0);
}

/* Where a path given to a call lies, without following its last part. */
static int place(int folder, const char *path, char *out) {
    char base[PATH_MAX], joined[PATH_MAX * 2], parent[PATH_MAX * 2];
    if (path[0] == '/') snprintf(joined, sizeof joined, "%s", path);
    else {
        if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) return 0; }
        else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t length = readlink(link, base, sizeof base - 1);
            if (length < 0) return 0;
            base[length] = 0;
        }
        snprintf(joined, sizeof joined, "%s/%s", base, path);
    }
    snprintf(parent, sizeof parent, "%s", joined);
    char *slash = strrchr(parent, '/');
    if (!slash) return 0;
    const char *name = joined + (slash - parent) + 1;
    *slash = 0;
    if (!realpath(*parent ? parent : "/", base)) return 0;
    if (snprintf(out, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
    return inside(out);
}

static int path_of(int fd, char *out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    if (length < 0) return 0;
    out[length] = 0;
    return inside(out);
}

static uint64_t inode_of(int fd, int *folder) {
    struct stat about;
    if (fstat(fd, &about) != 0) return 0;
    if (folder) *folder = S_ISDIR(about.st_mode);
    return about.st_ino;
}

/* Whether this change is the one that is to fail. Called with the lock held. */
static int fails(void) {
    if (!armed) return 0;
    counted++;
    if (fail_at < 0 || (fail_at > 0 && counted != fail_at)) return 0;
    errno = fail_with;
    return 1;
}

static void said(const void *bytes, size_t length) {
    pthread_mutex_lock(&one);
    if (length >= 6 && memcmp(bytes, "#armed", 6) == 0) armed = 1;
    if (length >= 9 && memcmp(bytes, "#disarmed", 9) == 0) armed = 0;
    note(SAID, 0, NULL, NULL, 0, bytes, length);
    pthread_mutex_unlock(&one);
}

/* Database pages of the shared index are rebuilt at every start and never reach the disk by themselves. */
static int transient(const char *path) {
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, "-shm") == 0;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    char path[PATH_MAX];
    if (fd == STDOUT_FILENO) said(bytes, length);
    if (!path_of(fd, path) || transient(path)) return NEXT(write)(fd, bytes, length);
    pthread_mutex_lock(&one);
    ssize_t done = -1;
    if (!fails()) {
        off_t at = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
        done = NEXT(write)(fd, bytes, length);
        if (done > 0) note(WRITE, inode_of(fd, NULL), NULL, NULL, (uint64_t)at, bytes, (uint64_t)done);
    }
    pthread_mutex_unlock(&one);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    char path[PATH_MAX];
    if (!path_of(fd, path) || transient(path)) return NEXT(pwrite64)(fd, bytes, length, at);
    pthread_mutex_lock(&one);
    ssize_t done = -1;
    if (!fails()) {
        done = NEXT(pwrite64)(fd, bytes, length, at);
        if (done > 0) note(WRITE, inode_of(fd, NULL), NULL, NULL, (uint64_t)at, bytes, (uint64_t)done);
    }
    pthread_mutex_unlock(&one);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

int ftruncate64(int fd, off64_t length) {
    char path[PATH_MAX];
    if (!path_of(fd, path) || transient(path)) return NEXT(ftruncate64)(fd, length);
    pthread_mutex_lock(&one);
    int answer = -1;
    if (!fails() && (answer = NEXT(ftruncate64)(fd, length)) == 0)
        note(TRUNCATE, inode_of(fd, NULL), NULL, NULL, (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&one);
    return answer;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static void list(const char *path) {
    DIR *folder = opendir(path);
    char line[PATH_MAX + NAME_MAX + 2];
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_type != DT_REG) continue;
        snprintf(line, sizeof line, "%s/%s", path, entry->d_name);
        note(LISTING, entry->d_ino, line, NULL, 0, NULL, 0);
    }
    closedir(folder);
}

static int synced(int fd, int (*flush)(int)) {
    char path[PATH_MAX];
    int folder = 0;
    if (!path_of(fd, path) || transient(path)) return flush(fd);
    pthread_mutex_lock(&one);
    int answer = -1;
    if (!fails()) {
        uint64_t inode = inode_of(fd, &folder);
        if (folder && record_fd >= 0) list(path);
        answer = flush(fd);
        if (answer == 0) note(SYNC, inode, folder ? path : NULL, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&one);
    return answer;
}

int fsync(int fd) { return synced(fd, NEXT(fsync)); }
int fdatasync(int fd) { return synced(fd, NEXT(fdatasync)); }

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char where[PATH_MAX];
    int changes = (flags & (O_CREAT | O_TRUNC)) != 0;
    if (!changes || !place(folder, path, where) || transient(where))
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    pthread_mutex_lock(&one);
    struct stat before;
    int there = lstat(where, &before) == 0, fd = -1;
    if ((!there || (flags & O_TRUNC)) && fails()) {
        pthread_mutex_unlock(&one);
        return -1;
    }
    fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    int kept = errno;
    if (fd >= 0) {
        uint64_t inode = inode_of(fd, NULL);
        if (!there) note(CREATE, inode, where, NULL, 0, NULL, 0);
        else if ((flags & O_TRUNC) && before.st_size > 0) note(TRUNCATE, inode, NULL, NULL, 0, NULL, 0);
    }
    errno = kept;
    pthread_mutex_unlock(&one);
    return fd;
}

#define MODE(flags, mode)                                         \
    mode_t mode = 0;                                              \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                        \
        va_list rest;                                             \
        va_start(rest, flags);                                    \
        mode = (mode_t)va_arg(rest, int);                         \
        va_end(rest);                                             \
    }

int open(const char *path, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opened(folder, path, flags, mode); }

int rename(const char *from, const char *to) {
    char before[PATH_MAX], after[PATH_MAX];
    int inner = place(AT_FDCWD, from, before);
    if (!place(AT_FDCWD, to, after) && !inner) return NEXT(rename)(from, to);
    pthread_mutex_lock(&one);
    int answer = -1;
    if (!fails() && (answer = NEXT(rename)(from, to)) == 0) note(RENAME, 0, before, after, 0, NULL, 0);
    pthread_mutex_unlock(&one);
    return answer;
}

static int removed(int folder, const char *path, int flags) {
    char where[PATH_MAX];
    if (!place(folder, path, where) || transient(where)) return (int)syscall(SYS_unlinkat, folder, path, flags);
    pthread_mutex_lock(&one);
    int answer = -1;
    struct stat about;
    if (lstat(where, &about) != 0 || !fails()) {
        answer = (int)syscall(SYS_unlinkat, folder, path, flags);
        if (answer == 0) note(UNLINK, 0, where, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&one);
    return answer;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdir(const char *path, mode_t mode) {
    char where[PATH_MAX];
    if (!place(AT_FDCWD, path, where)) return NEXT(mkdir)(path, mode);
    pthread_mutex_lock(&one);
    int answer = -1;
    struct stat about;
    if (lstat(where, &about) == 0 || !fails()) {
        answer = NEXT(mkdir)(path, mode);
        if (answer == 0) note(FOLDER, 0, where, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&one);
    return answer;
}

/* Copies inside the kernel would not be seen; whoever asks for one falls back to reading and writing. */
ssize_t copy_file_range(int a, off64_t *b, int c, off64_t *d, size_t e, unsigned f) {
    (void)a; (void)b; (void)c; (void)d; (void)e; (void)f;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int a, int b, off64_t *c, size_t d) {
    (void)a; (void)b; (void)c; (void)d;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int a, int b, off_t *c, size_t d) { return sendfile64(a, b, c, d); }
