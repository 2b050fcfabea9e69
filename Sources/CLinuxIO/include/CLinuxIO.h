// Brings the Linux calls that Glibc's Swift module lacks: epoll, timerfd, eventfd, thread scheduling.
// Header only. What follows the includes are the few things Swift cannot say by itself: struct parts behind macros, and
// relaxed atomic words for counters that one thread writes and another reads.
#ifndef ARIOSO_CLINUXIO_H
#define ARIOSO_CLINUXIO_H

// No _GNU_SOURCE here: it would give fd_set another shape than in Swift's own Glibc module.
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// The flag of posix_spawn that starts a session (POSIX_SPAWN_SETSID), which the headers show only to GNU sources.
static const int16_t arioso_spawn_in_new_session = 0x80;

// Opens a bound UDP socket; returns the descriptor or -errno. `service` is the IP type of service (IPv6 traffic class).
static inline int arioso_udp_socket(const struct sockaddr *address, socklen_t length, int service) {
    int fd = socket(address->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    if (fd < 0) return -errno;
    int on = 1;
    if (address->sa_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        if (service > 0) setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &service, sizeof service);
    } else if (service > 0) {
        setsockopt(fd, IPPROTO_IP, IP_TOS, &service, sizeof service);
    }
    if (bind(fd, address, length) != 0) {
        int failure = errno;
        close(fd);
        return -failure;
    }
    return fd;
}

// Reports a descriptor, with its tag, as long as it is readable.
static inline int arioso_epoll_add(int epoll, int fd, uint64_t tag) {
    struct epoll_event event = { .events = EPOLLIN, .data = { .u64 = tag } };
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

static inline uint64_t arioso_epoll_tag(const struct epoll_event *event) { return event->data.u64; }

// Arms a timer at an absolute CLOCK_MONOTONIC time, then every `interval` nanoseconds; 0 for both disarms it.
static inline int arioso_timer_arm(int fd, uint64_t first, uint64_t interval) {
    struct itimerspec spec = {
        .it_value = { .tv_sec = (time_t)(first / 1000000000u), .tv_nsec = (long)(first % 1000000000u) },
        .it_interval = { .tv_sec = (time_t)(interval / 1000000000u), .tv_nsec = (long)(interval % 1000000000u) },
    };
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL) == 0 ? 0 : -errno;
}

static inline uint64_t arioso_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
static inline uint64_t arioso_monotonic_ns(void) { return arioso_clock(CLOCK_MONOTONIC); }
static inline uint64_t arioso_realtime_ns(void) { return arioso_clock(CLOCK_REALTIME); }

// Gives the calling thread SCHED_FIFO with a priority from 1, or normal scheduling with 0; returns 0 or the error number.
static inline int arioso_realtime_thread(int priority) {
    struct sched_param parameters = { .sched_priority = priority };
    return pthread_setschedparam(pthread_self(), priority > 0 ? SCHED_FIFO : SCHED_OTHER, &parameters);
}

static inline void arioso_thread_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// Lets the heap keep up to 16 MB that is free, and take blocks of up to 1 MB from it: answers of some tens of kilobytes are made all
// the time, and giving their memory back to the system after each costs more than making them.
static inline void arioso_keep_heap(void) {
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
}

// Gives free memory back to the system wherever in the heap it lies.
static inline void arioso_trim_heap(void) { malloc_trim(0); }

// Words written by one media thread and read by the control side.
static inline void arioso_word_store(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELAXED); }
static inline uint64_t arioso_word_load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
static inline void arioso_word_add(uint64_t *word, uint64_t value) {
    __atomic_store_n(word, __atomic_load_n(word, __ATOMIC_RELAXED) + value, __ATOMIC_RELAXED);
}

#endif
