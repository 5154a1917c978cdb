"""Two hosts on this machine: network namespaces NAME-a (10.77.0.1) and NAME-b (10.77.0.2), joined by a cable that delays and loses.

usage: two_hosts.py NAME     (as root)

The cable is this process: it carries packets between two tun devices, "cable" in each namespace, so that no module of the
kernel for such things is needed. It prints "ready", and takes lines on standard input, each answered by a line:

delay MILLISECONDS    each way
loss SHARE            of packets, from 0 to 1: 1 is a cable that was pulled
bytes                 answered by the bytes carried since the last such line

At the end of its input it removes both namespaces. Exits with 77 where it may not make any.
"""
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

SET_INTERFACE, TUN, NO_HEADER = 0x400454CA, 0x0001, 0x1000
ADDRESSES = ("10.77.0.1", "10.77.0.2")
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(descriptor):
    if LIBC.setns(descriptor, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def make_host(name, own, peer):
    """A namespace with one end of the cable; its device's file."""
    ip("netns", "add", name)
    with open("/proc/self/ns/net", "rb") as home, open(f"/var/run/netns/{name}", "rb") as there:
        enter(there.fileno())
        try:
            device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(device, SET_INTERFACE, struct.pack("16sH22x", b"cable", TUN | NO_HEADER))
        finally:
            enter(home.fileno())
    ip("-n", name, "address", "add", own, "peer", peer, "dev", "cable")
    for link in ("lo", "cable"):
        ip("-n", name, "link", "set", link, "up")
    return device


class Cable:
    def __init__(self, devices):
        self.other = dict(zip(devices, reversed(devices)))
        self.delay, self.loss, self.bytes = 0.0, 0.0, 0
        self.under_way = []
        self.count = 0
        self.random = random.Random(1)

    def take(self, device):
        packet = os.read(device, 65536)
        if self.random.random() < self.loss:
            return
        self.bytes += len(packet)
        self.count += 1  # keeps the order of packets that are due at once
        heapq.heappush(self.under_way, (time.monotonic() + self.delay, self.count, self.other[device], packet))

    def deliver(self):
        while self.under_way and self.under_way[0][0] <= time.monotonic():
            _, _, device, packet = heapq.heappop(self.under_way)
            try:
                os.write(device, packet)
            except OSError:
                pass  # an end that is down or full loses packets, as a real one does

    def seconds_to_next(self):
        return max(0.0, self.under_way[0][0] - time.monotonic()) if self.under_way else None

    def obey(self, line):
        name, *value = line.split()
        if name == "bytes":
            carried, self.bytes = self.bytes, 0
            return str(carried)
        setattr(self, name, float(value[0]) * (0.001 if name == "delay" else 1))
        return "ok"

    def run(self):
        waiting = b""
        while True:
            ready, _, _ = select.select([0, *self.other], [], [], self.seconds_to_next())
            self.deliver()
            for source in ready:
                if source != 0:
                    self.take(source)
                    continue
                more = os.read(0, 4096)
                if not more:
                    return
                *lines, waiting = (waiting + more).split(b"\n")
                for line in lines:
                    print(self.obey(line.decode()), flush=True)


def main():
    names = [f"{sys.argv[1]}-{end}" for end in "ab"]
    devices = []
    try:
        try:
            devices = [make_host(name, own, peer) for name, own, peer in zip(names, ADDRESSES, reversed(ADDRESSES))]
        except (OSError, subprocess.CalledProcessError) as problem:
            print(f"needs root, iproute2 and /dev/net/tun: {problem}", flush=True)
            return 77
        print("ready", flush=True)
        Cable(devices).run()
        return 0
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
