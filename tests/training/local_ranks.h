// Several ranks as threads of the test's process, connected as processes would be.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "conceptune/training/ranks/process_group.h"

namespace conceptune::training::test {

/// A port of the loopback interface that nobody listens at.
inline std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

inline RankSettings local_settings(std::int64_t rank, std::int64_t size, std::uint16_t port,
                                   std::chrono::seconds timeout = std::chrono::seconds(60)) {
  return {rank, size, "127.0.0.1", port, rank, timeout};
}

/// Calls work(ranks) in `size` threads, each with its own connection, which ends with its work.
inline void with_ranks(std::int64_t size, const std::function<void(Ranks&)>& work) {
  const std::uint16_t port = free_port();
  std::vector<std::thread> threads;
  for (std::int64_t rank = 0; rank < size; ++rank)
    threads.emplace_back([=] {
      const auto ranks = connect_ranks(local_settings(rank, size, port));
      work(*ranks);
    });
  for (auto& thread : threads) thread.join();
}

}  // namespace conceptune::training::test
