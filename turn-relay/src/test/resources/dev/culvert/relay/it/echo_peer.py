"""A peer that sends every datagram back, on the address and port given (0: any)."""

import socket
import sys

peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.bind((sys.argv[1], int(sys.argv[2])))
print("port", peer.getsockname()[1], flush=True)
while True:
    data, source = peer.recvfrom(65536)
    peer.sendto(data, source)
