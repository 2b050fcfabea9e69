// The floor for any user-space relay of audio: a UDP socket per leg, epoll, and one recvfrom and one sendto per packet.
//   relay LEGS
// Prints the port of each leg in a line, then returns each datagram to its sender until its standard input is closed.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKET_BYTES = 2048, READY_LEGS = 256 };

static void open_leg(int events) {
    int leg = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = leg};
    if (leg < 0 || bind(leg, (struct sockaddr *)&address, length) < 0 ||
        getsockname(leg, (struct sockaddr *)&address, &length) < 0 || epoll_ctl(events, EPOLL_CTL_ADD, leg, &event) < 0) {
        perror("relay");
        exit(1);
    }
    printf("%d\n", ntohs(address.sin_port));
}

static void relay(int leg) {
    char packet[PACKET_BYTES];
    struct sockaddr_in sender;
    socklen_t length = sizeof sender;
    // One packet per wake-up: epoll tells of a further one again, which saves the read that finds nothing.
    ssize_t size = recvfrom(leg, packet, sizeof packet, 0, (struct sockaddr *)&sender, &length);
    if (size >= 0) sendto(leg, packet, (size_t)size, 0, (struct sockaddr *)&sender, length);
}

int main(int count, char **arguments) {
    int legs = count == 2 ? atoi(arguments[1]) : 0;
    if (legs < 1) {
        fprintf(stderr, "usage: relay LEGS\n");
        return 2;
    }
    int events = epoll_create1(0);
    struct epoll_event input = {.events = EPOLLIN, .data.fd = STDIN_FILENO};
    if (events < 0 || epoll_ctl(events, EPOLL_CTL_ADD, STDIN_FILENO, &input) < 0) {
        perror("relay");
        return 1;
    }
    for (int leg = 0; leg < legs; leg++) open_leg(events);
    fflush(stdout);
    struct epoll_event ready[READY_LEGS];
    for (;;) {
        int number = epoll_wait(events, ready, READY_LEGS, -1);
        for (int index = 0; index < number; index++) {
            if (ready[index].data.fd == STDIN_FILENO) return 0;
            relay(ready[index].data.fd);
        }
    }
}
