// A record of everything a process does to its database's files, for tests that cut the
// power at any point of it: preloaded (LD_PRELOAD), it notes every write, truncation,
// flush and removal of the files whose name begins with POWERCUT_FILES, in order, in the
// file POWERCUT_LOG.
//
// A record is: what happened (1 byte), to which file (1 byte), nothing (2 bytes), the
// length of the data (4), the place in the file (8), the data; the numbers in the
// machine's order. Each is appended by one call, so that the program may append records
// of its own in between: what it has promised to others. The shared memory of WAL mode
// is left out: no power cut keeps it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NAMED, WRITTEN, TRUNCATED, FLUSHED, REMOVED };

#define FILES 64

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int record = -1, known;
static const char *prefix;
static char names[FILES][1024];

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
	const char *path = getenv("POWERCUT_LOG");
	prefix = getenv("POWERCUT_FILES");
	if (path && prefix)
		record = open(path, O_WRONLY | O_APPEND);
}

static void note(int what, int file, uint64_t at, const void *data, uint32_t length) {
	unsigned char head[16] = {what, file};
	memcpy(head + 4, &length, 4);
	memcpy(head + 8, &at, 8);
	struct iovec parts[] = {{head, sizeof head}, {(void *)data, length}};
	if (writev(record, parts, 2) != (ssize_t)(sizeof head + length))
		abort();
}

// numbered returns the number of a file that is watched, or -1.
static int numbered(const char *path) {
	if (record < 0 || strncmp(path, prefix, strlen(prefix)) || strstr(path, "-shm"))
		return -1;
	for (int i = 0; i < known; i++)
		if (!strcmp(names[i], path))
			return i;
	if (known == FILES)
		abort();
	snprintf(names[known], sizeof names[known], "%s", path);
	note(NAMED, known, 0, path, strlen(path));
	return known++;
}

static int opened(int fd) {
	char link[64], path[1024];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	if (n <= 0)
		return -1;
	path[n] = 0;
	return numbered(path);
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t at) {
	ssize_t (*real_pwrite)(int, const void *, size_t, off64_t) = real("pwrite64");
	pthread_mutex_lock(&order);
	ssize_t n = real_pwrite(fd, data, count, at);
	int file = n > 0 ? opened(fd) : -1;
	if (file >= 0)
		note(WRITTEN, file, at, data, n);
	pthread_mutex_unlock(&order);
	return n;
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t at) {
	return pwrite64(fd, data, count, at);
}

int ftruncate64(int fd, off64_t size) {
	int (*real_truncate)(int, off64_t) = real("ftruncate64");
	pthread_mutex_lock(&order);
	int failed = real_truncate(fd, size), file = failed ? -1 : opened(fd);
	if (file >= 0)
		note(TRUNCATED, file, size, NULL, 0);
	pthread_mutex_unlock(&order);
	return failed;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

// A flush is only noted: the record says what it made durable, and tests are faster.
static int flushed(int fd) {
	pthread_mutex_lock(&order);
	int file = opened(fd);
	if (file >= 0)
		note(FLUSHED, file, 0, NULL, 0);
	pthread_mutex_unlock(&order);
	return 0;
}

int fsync(int fd) { return flushed(fd); }

int fdatasync(int fd) { return flushed(fd); }

int unlink(const char *path) {
	int (*real_unlink)(const char *) = real("unlink");
	pthread_mutex_lock(&order);
	int failed = real_unlink(path), file = failed ? -1 : numbered(path);
	if (file >= 0)
		note(REMOVED, file, 0, NULL, 0);
	pthread_mutex_unlock(&order);
	return failed;
}
