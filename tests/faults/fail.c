/* Calls of libc that change files, or ask for much memory, as steps that are counted; one of them fails, or is the last.
 *
 * LD_PRELOAD puts it before libc. fault_arm() says which step is to fail, and how; before, nothing is counted. Steps are
 * those on files below one folder, and memory from FAULT_LEAST bytes on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FAULT_LEAST (64 << 10)
#define KILL -1 /* before the step */
#define TORN -2 /* in the middle of a write, else before the step */

static char under[4096];
static size_t under_length;
static int log_to = -1;
static long armed_at = -1; /* -1: nothing is counted */
static long *step; /* one number for a process and those that it forks */
static int how, of_memory;
static __thread int inside;

/* at: the step that fails, from 1 on; 0 for none. what: an errno, KILL or TORN. memory: whether the steps are those of
 * memory, else those of files. log: where each step is written, or "". */
void fault_arm(long at, int what, int memory, const char *folder, const char *log)
{
	snprintf(under, sizeof under, "%s", folder);
	under_length = strlen(under);
	log_to = *log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
	if (!step)
		step = mmap(NULL, sizeof *step, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*step = 0;
	how = what;
	of_memory = memory;
	armed_at = at;
}

static int below(const char *path)
{
	return !strncmp(path, under, under_length) && (!path[under_length] || path[under_length] == '/');
}

/* The path of a name in a folder that is open, or of the handle itself for "". */
static void whole(char *out, size_t size, int at, const char *name)
{
	char link[64];
	ssize_t length;
	if (*name == '/') {
		snprintf(out, size, "%s", name);
		return;
	}
	if (at == AT_FDCWD)
		snprintf(link, sizeof link, "/proc/self/cwd");
	else
		snprintf(link, sizeof link, "/proc/self/fd/%d", at);
	length = syscall(SYS_readlinkat, AT_FDCWD, link, out, size - 1);
	if (length < 0)
		length = 0;
	out[length] = 0;
	if (*name)
		snprintf(out + length, size - (size_t)length, "/%s", name);
}

/* 0, or 1 for a step that is to fail: then errno is set. TORN is told by 2. */
static int fails(const char *call, const char *path)
{
	char line[4300];
	if (__atomic_add_fetch(step, 1, __ATOMIC_SEQ_CST) != armed_at) {
		if (log_to >= 0) {
			int length = snprintf(line, sizeof line, "%s %s\n", call, path);
			syscall(SYS_write, log_to, line, (size_t)length);
		}
		return 0;
	}
	if (how == TORN && (!strcmp(call, "write")))
		return 2;
	if (how < 0)
		syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
	errno = how;
	return 1;
}

static int file_fails(const char *call, int at, const char *name)
{
	char path[4096];
	int out = 0, before = errno;
	if (armed_at < 0 || of_memory || inside)
		return 0;
	inside = 1;
	whole(path, sizeof path, at, name);
	if (below(path))
		out = fails(call, path);
	inside = 0;
	if (!out)
		errno = before;
	return out;
}

static int memory_fails(const char *call, size_t size)
{
	int out = 0, before = errno;
	if (armed_at < 0 || !of_memory || inside || size < FAULT_LEAST)
		return 0;
	inside = 1;
	out = fails(call, "");
	inside = 0;
	if (!out)
		errno = before;
	return out;
}

static void *next(const char *name)
{
	void *found;
	inside++;
	found = dlsym(RTLD_NEXT, name);
	inside--;
	return found;
}

#define NEXT(name) \
	static __typeof__(&name) real; \
	if (!real) \
		real = (__typeof__(&name))next(#name)

/* Opening. */

#define CHANGES(flags) (((flags) & O_ACCMODE) != O_RDONLY || (flags) & (O_CREAT | O_TRUNC))
#define MODE(flags) \
	mode_t mode = 0; \
	if ((flags) & (O_CREAT | O_TMPFILE)) { \
		va_list more; \
		va_start(more, flags); \
		mode = va_arg(more, mode_t); \
		va_end(more); \
	}

int open(const char *path, int flags, ...)
{
	NEXT(open);
	MODE(flags)
	return CHANGES(flags) && file_fails("open", AT_FDCWD, path) ? -1 : real(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	NEXT(open64);
	MODE(flags)
	return CHANGES(flags) && file_fails("open", AT_FDCWD, path) ? -1 : real(path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
	NEXT(openat);
	MODE(flags)
	return CHANGES(flags) && file_fails("open", at, path) ? -1 : real(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
	NEXT(openat64);
	MODE(flags)
	return CHANGES(flags) && file_fails("open", at, path) ? -1 : real(at, path, flags, mode);
}

/* Writing: half of it arrives before a process is killed in the middle. */

static void tear(int handle, const void *data, size_t size, off_t offset)
{
	if (offset < 0)
		syscall(SYS_write, handle, data, size / 2);
	else
		syscall(SYS_pwrite64, handle, data, size / 2, offset);
	syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

ssize_t write(int handle, const void *data, size_t size)
{
	int fault;
	NEXT(write);
	fault = file_fails("write", handle, "");
	if (fault == 2)
		tear(handle, data, size, -1);
	return fault ? -1 : real(handle, data, size);
}

ssize_t pwrite(int handle, const void *data, size_t size, off_t offset)
{
	int fault;
	NEXT(pwrite);
	fault = file_fails("write", handle, "");
	if (fault == 2)
		tear(handle, data, size, offset);
	return fault ? -1 : real(handle, data, size, offset);
}

ssize_t pwrite64(int handle, const void *data, size_t size, off_t offset)
{
	int fault;
	NEXT(pwrite64);
	fault = file_fails("write", handle, "");
	if (fault == 2)
		tear(handle, data, size, offset);
	return fault ? -1 : real(handle, data, size, offset);
}

ssize_t writev(int handle, const struct iovec *parts, int count)
{
	int fault;
	NEXT(writev);
	fault = file_fails("write", handle, "");
	if (fault == 2)
		tear(handle, parts[0].iov_base, parts[0].iov_len, -1);
	return fault ? -1 : real(handle, parts, count);
}

/* What takes a handle. */

#define BY_HANDLE(name, call, types, values) \
	int name types \
	{ \
		NEXT(name); \
		return file_fails(call, handle, "") ? -1 : real values; \
	}

BY_HANDLE(fsync, "fsync", (int handle), (handle))
BY_HANDLE(fdatasync, "fsync", (int handle), (handle))
BY_HANDLE(ftruncate, "ftruncate", (int handle, off_t size), (handle, size))
BY_HANDLE(ftruncate64, "ftruncate", (int handle, off64_t size), (handle, size))
BY_HANDLE(fallocate, "fallocate", (int handle, int mode, off_t at, off_t size), (handle, mode, at, size))
BY_HANDLE(fchmod, "chmod", (int handle, mode_t mode), (handle, mode))

/* posix_fallocate tells by its value. */
int posix_fallocate(int handle, off_t at, off_t size)
{
	NEXT(posix_fallocate);
	return file_fails("fallocate", handle, "") ? errno : real(handle, at, size);
}

/* What takes names. */

#define BY_NAME(name, call, at, path, types, values) \
	int name types \
	{ \
		NEXT(name); \
		return file_fails(call, at, path) ? -1 : real values; \
	}

BY_NAME(unlink, "unlink", AT_FDCWD, path, (const char *path), (path))
BY_NAME(unlinkat, "unlink", at, path, (int at, const char *path, int flags), (at, path, flags))
BY_NAME(rmdir, "rmdir", AT_FDCWD, path, (const char *path), (path))
BY_NAME(mkdir, "mkdir", AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
BY_NAME(mkdirat, "mkdir", at, path, (int at, const char *path, mode_t mode), (at, path, mode))
BY_NAME(chmod, "chmod", AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
BY_NAME(rename, "rename", AT_FDCWD, to, (const char *from, const char *to), (from, to))
BY_NAME(renameat, "rename", at, to, (int from_at, const char *from, int at, const char *to), (from_at, from, at, to))
BY_NAME(renameat2, "rename", at, to, (int from_at, const char *from, int at, const char *to, unsigned int flags),
	(from_at, from, at, to, flags))
BY_NAME(link, "link", AT_FDCWD, to, (const char *from, const char *to), (from, to))
BY_NAME(linkat, "link", at, to, (int from_at, const char *from, int at, const char *to, int flags),
	(from_at, from, at, to, flags))

/* Memory. What the loader asks for before dlsym can be called comes from a small store. */

static char early[1 << 16];
static size_t early_used;

static void *from_early(size_t size)
{
	void *found = early + early_used;
	early_used += (size + 15) & ~(size_t)15;
	return early_used <= sizeof early ? found : NULL;
}

void *malloc(size_t size)
{
	static void *(*real)(size_t);
	if (!real && inside)
		return from_early(size);
	if (!real)
		real = next("malloc");
	return memory_fails("malloc", size) ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
	static void *(*real)(size_t, size_t);
	if (!real && inside)
		return from_early(count * size);
	if (!real)
		real = next("calloc");
	return memory_fails("malloc", count * size) ? NULL : real(count, size);
}

void *realloc(void *old, size_t size)
{
	static void *(*real)(void *, size_t);
	if (!real)
		real = next("realloc");
	return memory_fails("malloc", size) ? NULL : real(old, size);
}

void free(void *data)
{
	static void (*real)(void *);
	if ((char *)data >= early && (char *)data < early + sizeof early)
		return;
	if (!real)
		real = next("free");
	real(data);
}

static int mapping_fails(size_t size, int flags, int handle)
{
	return flags & MAP_ANONYMOUS ? memory_fails("mmap", size) : file_fails("mmap", handle, "");
}

void *mmap(void *at, size_t size, int protection, int flags, int handle, off_t offset)
{
	NEXT(mmap);
	return mapping_fails(size, flags, handle) ? MAP_FAILED : real(at, size, protection, flags, handle, offset);
}

void *mmap64(void *at, size_t size, int protection, int flags, int handle, off64_t offset)
{
	NEXT(mmap64);
	return mapping_fails(size, flags, handle) ? MAP_FAILED : real(at, size, protection, flags, handle, offset);
}
