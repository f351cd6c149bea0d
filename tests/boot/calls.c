/* Says for system calls that a kernel may lack whether they work, a line each: "ok NAME" or "lost NAME: why". */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static void tell(const char *name, int works)
{
	if (works)
		printf("ok %s\n", name);
	else
		printf("lost %s: %s\n", name, strerror(errno));
}

int main(void)
{
	int word = 0, mount_id, file = open("/tmp/lock", O_CREAT | O_RDWR, 0600);
	struct flock whole = { .l_type = F_WRLCK };
	struct { struct file_handle head; unsigned char rest[MAX_HANDLE_SZ]; } handle = { { .handle_bytes = MAX_HANDLE_SZ } };
	aio_context_t context = 0;
	sigset_t signals;
	timer_t timer;

	sigemptyset(&signals);
	tell("futex", syscall(SYS_futex, &word, 1, 1, NULL, NULL, 0) == 0);
	tell("epoll", epoll_create1(0) >= 0);
	tell("eventfd", eventfd(0, 0) >= 0);
	tell("signalfd", signalfd(-1, &signals, 0) >= 0);
	tell("timerfd", timerfd_create(CLOCK_MONOTONIC, 0) >= 0);
	tell("posix-timers", timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0);
	tell("locks", flock(file, LOCK_EX) == 0 && fcntl(file, F_SETLK, &whole) == 0);
	tell("shared-memory", mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	tell("memfd", memfd_create("kcfg", 0) >= 0);
	tell("aio", syscall(SYS_io_setup, 1, &context) == 0);
	tell("inotify", inotify_init1(0) >= 0);
	tell("file-handles", name_to_handle_at(AT_FDCWD, "/run", &handle.head, &mount_id, 0) == 0);
	tell("pty", posix_openpt(O_RDWR | O_NOCTTY) >= 0);
	tell("unix-socket", socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
	tell("tcp-socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
	tell("packet-socket", socket(AF_PACKET, SOCK_RAW, 0) >= 0);
	return 0;
}
