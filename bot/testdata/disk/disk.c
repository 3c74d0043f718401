// A disk between SQLite and the real one, for tests: preloaded into the process
// (LD_PRELOAD), it counts flushes, makes them take a given time, and fails on demand.
//
// It is steered through a small file that the test maps or reads and writes, named by
// DISK_CONTROL: five 64-bit numbers in the machine's order, see struct control. Only
// what goes through libc is seen, which is SQLite; Go's own files are not.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

struct control {
	_Atomic int64_t flushes;     // fsync and fdatasync so far
	_Atomic int64_t written;     // bytes so far
	_Atomic int64_t flush_us;    // a flush takes this long, whatever the disk does; 0: the disk's own time
	_Atomic int64_t write_error; // errno of every write; 0: none
	_Atomic int64_t flush_error; // errno of every flush; 0: none
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
	static struct control none;
	control = &none;
	const char *name = getenv("DISK_CONTROL");
	int fd = name ? open(name, O_RDWR) : -1;
	if (fd < 0)
		return;
	void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED)
		control = page;
	close(fd);
}

static int failing(_Atomic int64_t *error) {
	int e = atomic_load(error);
	if (e)
		errno = e;
	return e;
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t at) {
	static ssize_t (*real)(int, const void *, size_t, off64_t);
	if (!real)
		real = dlsym(RTLD_NEXT, "pwrite64");
	if (failing(&control->write_error))
		return -1;
	atomic_fetch_add(&control->written, count);
	return real(fd, data, count, at);
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t at) {
	return pwrite64(fd, data, count, at);
}

static int flush(const char *name, int fd) {
	atomic_fetch_add(&control->flushes, 1);
	if (failing(&control->flush_error))
		return -1;
	int64_t us = atomic_load(&control->flush_us);
	if (us) {
		struct timespec t = {us / 1000000, us % 1000000 * 1000};
		prctl(PR_SET_TIMERSLACK, 1UL); // of this thread: sleep as exactly as the kernel can
		nanosleep(&t, NULL);
		return 0;
	}
	int (*real)(int) = dlsym(RTLD_NEXT, name);
	return real(fd);
}

int fsync(int fd) { return flush("fsync", fd); }

int fdatasync(int fd) { return flush("fdatasync", fd); }
