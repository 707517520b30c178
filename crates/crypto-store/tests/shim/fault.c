/*
 * Makes calls on the files of one folder fail, and writes down what was done to them.
 *
 * Preloaded into a program by the tests of faults and of power loss. Everything goes to the kernel by syscall(2), so that
 * nothing here can call itself. Only absolute paths are looked at; 64-bit Linux only.
 *
 *   FAULT_DIR      the folder, without links in its path and without a slash at its end
 *   FAULT_MODE     eio | enospc | erofs | short | sync: decides which calls count and what the chosen one answers
 *   FAULT_AT       number of the counted call that fails, from 1; 0 or unset: none
 *   FAULT_ON       if set, all counted calls after it fail too (after a short write: for lack of space)
 *   FAULT_COUNT    a file that receives the number of counted calls
 *   FAULT_JOURNAL  a file that receives every change of the folder (see put_down)
 *   FAULT_ACKS     a file outside of the folder whose writes are put into the journal as well
 */
#define _GNU_SOURCE
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
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(off_t) == 8, "only for 64-bit systems");

enum op { OPEN_READ, OPEN_WRITE, CREATE, READ, WRITE, GROW, SHRINK, SYNC, NAME };
enum mode { NONE, EIO_ANY, FULL, READ_ONLY, SHORT, SYNC_FAILS };
enum verdict { PASS, FAIL, HALF };

#define FDS 65536
#define INSIDE 1
#define ACKS 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char watched[FDS];
static const char *dir;
static size_t dir_len;
static const char *acks;
static enum mode mode;
static uint64_t at, counted;
static int from_then_on;
static int count_fd = -1, journal_fd = -1;

static int open_log(const char *variable) {
    const char *path = getenv(variable);
    if (!path) return -1;
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((constructor)) static void start(void) {
    const char *m = getenv("FAULT_MODE");
    const char *n = getenv("FAULT_AT");
    const char *d = getenv("FAULT_DIR");
    if (!d) return;
    if (!m) mode = NONE;
    else if (!strcmp(m, "eio")) mode = EIO_ANY;
    else if (!strcmp(m, "enospc")) mode = FULL;
    else if (!strcmp(m, "erofs")) mode = READ_ONLY;
    else if (!strcmp(m, "short")) mode = SHORT;
    else if (!strcmp(m, "sync")) mode = SYNC_FAILS;
    at = n ? strtoull(n, NULL, 10) : 0;
    from_then_on = getenv("FAULT_ON") != NULL;
    acks = getenv("FAULT_ACKS");
    count_fd = open_log("FAULT_COUNT");
    journal_fd = open_log("FAULT_JOURNAL");
    dir_len = strlen(d);
    dir = d;
}

/* The path within the folder, "" for the folder itself, NULL for others. */
static const char *inside(const char *path) {
    if (!dir || !path || strncmp(path, dir, dir_len)) return NULL;
    if (path[dir_len] == '/') return path + dir_len + 1;
    return path[dir_len] ? NULL : "";
}

static int kind_of(int fd) { return fd >= 0 && fd < FDS ? watched[fd] : 0; }

static int counts(enum op op) {
    switch (mode) {
    case EIO_ANY: return 1;
    case FULL: return op == CREATE || op == WRITE || op == GROW;
    case READ_ONLY: return op != OPEN_READ && op != READ && op != SYNC;
    case SHORT: return op == WRITE;
    case SYNC_FAILS: return op == SYNC;
    default: return 0;
    }
}

/* Under the lock: what becomes of this call. Sets errno if it fails. */
static enum verdict judge(enum op op) {
    if (!counts(op)) return PASS;
    counted++;
    if (count_fd >= 0) {
        char text[24];
        int len = snprintf(text, sizeof text, "%llu", (unsigned long long)counted);
        syscall(SYS_pwrite64, count_fd, text, (size_t)len, (off_t)0);
    }
    if (!at || counted < at || (counted > at && !from_then_on)) return PASS;
    if (mode == SHORT && counted == at) return HALF;
    errno = mode == READ_ONLY ? EROFS : mode == FULL || mode == SHORT ? ENOSPC : EIO;
    return FAIL;
}

/*
 * Under the lock: one entry of the journal, in the machine's byte order:
 *   u8 kind, u8 flag, u16 zero, i32 fd, u64 offset, u64 length of what follows, bytes
 *   O opened (flag 1: made, 2: emptied; bytes: name)   W written   T cut or grown to offset   S synced (flag 1: failed)
 *   R renamed (old, zero, new)   L linked (old, zero, new)   U removed (name)   A acknowledged
 */
static void put_down(char kind, int flag, int fd, uint64_t offset, const void *bytes, uint64_t len) {
    struct { uint8_t kind, flag; uint16_t zero; int32_t fd; uint64_t offset, len; } head = {
        (uint8_t)kind, (uint8_t)flag, 0, fd, offset, len };
    if (journal_fd < 0) return;
    struct iovec parts[2] = { { &head, sizeof head }, { (void *)bytes, len } };
    if (syscall(SYS_writev, journal_fd, parts, 2) != (long)(sizeof head + len)) {
        static const char text[] = "fault: the journal cannot be written\n";
        syscall(SYS_write, 2, text, sizeof text - 1);
        syscall(SYS_exit_group, 99);
    }
}

static int open_at(int folder, const char *path, int flags, mode_t permissions) {
    const char *name = inside(path);
    int is_acks = acks && path && !strcmp(path, acks);
    if (!name && !is_acks) return (int)syscall(SYS_openat, folder, path, flags, permissions);
    pthread_mutex_lock(&lock);
    int made = (flags & O_CREAT) && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    int fd = -1;
    if (is_acks || judge(made ? CREATE : writes ? OPEN_WRITE : OPEN_READ) == PASS) {
        fd = (int)syscall(SYS_openat, folder, path, flags, permissions);
        if (fd >= 0 && fd < FDS) watched[fd] = is_acks ? ACKS : INSIDE;
        if (fd >= 0 && name) {
            put_down('O', made | (flags & O_TRUNC ? 2 : 0), fd, 0, name, strlen(name));
        }
    }
    int e = errno;
    pthread_mutex_unlock(&lock);
    errno = e;
    return fd;
}

#define OPEN_MODE(last) \
    mode_t permissions = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, last); \
        permissions = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) { OPEN_MODE(flags) return open_at(AT_FDCWD, path, flags, permissions); }
int open64(const char *path, int flags, ...) { OPEN_MODE(flags) return open_at(AT_FDCWD, path, flags, permissions); }
int openat(int folder, const char *path, int flags, ...) { OPEN_MODE(flags) return open_at(folder, path, flags, permissions); }
int openat64(int folder, const char *path, int flags, ...) { OPEN_MODE(flags) return open_at(folder, path, flags, permissions); }
int creat(const char *path, mode_t m) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, m); }
int creat64(const char *path, mode_t m) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, m); }

int close(int fd) {
    if (kind_of(fd)) watched[fd] = 0;
    return (int)syscall(SYS_close, fd);
}

/* A write at an offset, or where the file stands if that is negative. */
static ssize_t write_at(int fd, const void *bytes, size_t len, off_t offset) {
    int kind = kind_of(fd);
    if (!kind) {
        return offset < 0 ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, offset);
    }
    pthread_mutex_lock(&lock);
    enum verdict verdict = kind == ACKS ? PASS : judge(WRITE);
    ssize_t done = -1;
    if (verdict == HALF) len /= 2;
    if (verdict != FAIL) {
        struct stat s;
        off_t start = offset;
        if (offset < 0) {
            long flags = syscall(SYS_fcntl, fd, F_GETFL);
            start = flags & O_APPEND && !fstat(fd, &s) ? s.st_size : (off_t)syscall(SYS_lseek, fd, (off_t)0, SEEK_CUR);
            done = syscall(SYS_write, fd, bytes, len);
        } else {
            done = syscall(SYS_pwrite64, fd, bytes, len, offset);
        }
        if (done > 0) put_down(kind == ACKS ? 'A' : 'W', 0, fd, (uint64_t)start, bytes, (uint64_t)done);
    }
    int e = errno;
    pthread_mutex_unlock(&lock);
    errno = e;
    return done;
}

ssize_t write(int fd, const void *bytes, size_t len) { return write_at(fd, bytes, len, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset) { return write_at(fd, bytes, len, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset) { return write_at(fd, bytes, len, offset); }

/* Only the first part: a caller must expect that, and it keeps a write one entry. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!kind_of(fd) || count < 1) return syscall(SYS_writev, fd, parts, count);
    while (count > 1 && !parts->iov_len) { parts++; count--; }
    return write_at(fd, parts->iov_base, parts->iov_len, -1);
}

static ssize_t read_at(int fd, void *bytes, size_t len, off_t offset) {
    if (kind_of(fd) == INSIDE) {
        pthread_mutex_lock(&lock);
        enum verdict verdict = judge(READ);
        int e = errno;
        pthread_mutex_unlock(&lock);
        errno = e;
        if (verdict == FAIL) return -1;
    }
    return offset < 0 ? syscall(SYS_read, fd, bytes, len) : syscall(SYS_pread64, fd, bytes, len, offset);
}

ssize_t read(int fd, void *bytes, size_t len) { return read_at(fd, bytes, len, -1); }
ssize_t pread(int fd, void *bytes, size_t len, off_t offset) { return read_at(fd, bytes, len, offset); }
ssize_t pread64(int fd, void *bytes, size_t len, off_t offset) { return read_at(fd, bytes, len, offset); }

static int sync_by(long number, int fd) {
    if (kind_of(fd) != INSIDE) return (int)syscall(number, fd);
    pthread_mutex_lock(&lock);
    int done = judge(SYNC) == FAIL ? -1 : (int)syscall(number, fd);
    int e = errno;
    put_down('S', done != 0, fd, 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = e;
    return done;
}

int fsync(int fd) { return sync_by(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_by(SYS_fdatasync, fd); }

static int resize(int fd, off_t len) {
    if (kind_of(fd) != INSIDE) return (int)syscall(SYS_ftruncate, fd, len);
    pthread_mutex_lock(&lock);
    struct stat s;
    int grows = !fstat(fd, &s) && len > s.st_size;
    int done = judge(grows ? GROW : SHRINK) == FAIL ? -1 : (int)syscall(SYS_ftruncate, fd, len);
    int e = errno;
    if (!done) put_down('T', 0, fd, (uint64_t)len, "", 0);
    pthread_mutex_unlock(&lock);
    errno = e;
    return done;
}

int ftruncate(int fd, off_t len) { return resize(fd, len); }
int ftruncate64(int fd, off_t len) { return resize(fd, len); }

/* Space that is set aside is a growth; what punches holes is refused, as some file systems do. */
static int set_aside(int fd, int how, off_t offset, off_t len) {
    struct stat s;
    if (kind_of(fd) != INSIDE) return (int)syscall(SYS_fallocate, fd, how, offset, len);
    if (how) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return !fstat(fd, &s) && s.st_size >= offset + len ? 0 : resize(fd, offset + len);
}

int fallocate(int fd, int how, off_t offset, off_t len) { return set_aside(fd, how, offset, len); }
int fallocate64(int fd, int how, off_t offset, off_t len) { return set_aside(fd, how, offset, len); }
int posix_fallocate(int fd, off_t offset, off_t len) { return set_aside(fd, 0, offset, len) ? errno : 0; }
int posix_fallocate64(int fd, off_t offset, off_t len) { return set_aside(fd, 0, offset, len) ? errno : 0; }

/* Gives a file another name, or one more. */
static int name_anew(char kind, const char *from, const char *to) {
    const char *old = inside(from), *new = inside(to);
    int seen = old || new, done = -1;
    if (seen) pthread_mutex_lock(&lock);
    if (!seen || judge(NAME) != FAIL) {
        done = (int)(kind == 'R' ? syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)
                                 : syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
    }
    int e = errno;
    if (!done && old && new) {
        char names[2 * NAME_MAX + 2];
        int len = snprintf(names, sizeof names, "%s%c%s", old, 0, new);
        put_down(kind, 0, -1, 0, names, (uint64_t)len);
    }
    if (seen) pthread_mutex_unlock(&lock);
    errno = e;
    return done;
}

int rename(const char *from, const char *to) { return name_anew('R', from, to); }
int link(const char *from, const char *to) { return name_anew('L', from, to); }
int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags) {
    if (flags || (!inside(from) && !inside(to))) return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
    return name_anew('L', from, to);
}

int unlink(const char *path) {
    const char *name = inside(path);
    if (!name) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    pthread_mutex_lock(&lock);
    int done = judge(NAME) == FAIL ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    int e = errno;
    if (!done) put_down('U', 0, -1, 0, name, strlen(name));
    pthread_mutex_unlock(&lock);
    errno = e;
    return done;
}

/* Copies within the kernel would pass unseen: the callers fall back to reading and writing. */
ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t len, unsigned flags) {
    if (kind_of(in) != INSIDE && kind_of(out) != INSIDE) {
        return syscall(SYS_copy_file_range, in, in_at, out, out_at, len, flags);
    }
    errno = ENOSYS;
    return -1;
}

ssize_t sendfile64(int out, int in, off64_t *offset, size_t len) {
    if (kind_of(in) != INSIDE && kind_of(out) != INSIDE) return syscall(SYS_sendfile, out, in, offset, len);
    errno = ENOSYS;
    return -1;
}
