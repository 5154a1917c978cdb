#include "conceptune/training/ranks/rank_store.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kDoing = "connecting the ranks";
constexpr std::uint32_t kMostBytes = 1 << 20;  // of a key or a value; a rank's address takes some hundred

/// A socket that is closed at the end.
class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

bool send_all(int socket, const void* bytes, std::size_t count) {
  const char* next = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t sent = ::send(socket, next, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    next += sent;
    count -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int socket, void* bytes, std::size_t count) {
  char* next = static_cast<char*>(bytes);
  while (count > 0) {
    const ssize_t received = ::recv(socket, next, count, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    next += received;
    count -= static_cast<std::size_t>(received);
  }
  return true;
}

/// A text behind its length.
bool send_text(int socket, const std::string& text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  return send_all(socket, &length, sizeof length) && send_all(socket, text.data(), text.size());
}

std::optional<std::string> receive_text(int socket) {
  std::uint32_t length = 0;
  if (!receive_all(socket, &length, sizeof length) || length > kMostBytes) return std::nullopt;
  std::string text(length, '\0');
  if (!receive_all(socket, text.data(), text.size())) return std::nullopt;
  return text;
}

/// The addresses of a host, each tried in turn; null where its name has none.
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses addresses_of(const RankSettings& settings) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(settings.address.c_str(), std::to_string(settings.port).c_str(), &hints, &found) != 0)
    found = nullptr;
  return {found, ::freeaddrinfo};
}

std::string place_of(const RankSettings& settings) {
  return fmt::format("rank {} of {} at {}:{}", settings.rank, settings.size, settings.address, settings.port);
}

Socket connect_once(const RankSettings& settings) {
  const Addresses addresses = addresses_of(settings);
  for (const addrinfo* one = addresses.get(); one; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol));
    if (socket.is_open() && ::connect(socket.get(), one->ai_addr, one->ai_addrlen) == 0) return socket;
  }
  return Socket();
}

Socket connect_in_time(const RankSettings& settings) {
  constexpr Milliseconds kPause{100};
  const auto end = Clock::now() + settings.timeout;
  for (;;) {
    if (Socket socket = connect_once(settings); socket.is_open()) return socket;
    if (Clock::now() >= end)
      throw SystemError(kDoing, place_of(settings),
                        fmt::format("nobody listened there within {} s", settings.timeout.count()));
    std::this_thread::sleep_for(kPause);
  }
}

/// At any address of this machine, by IPv6 and IPv4 alike where the system has both.
Socket listen_at(const RankSettings& settings) {
  const auto fail = [&](const char* call) {
    throw SystemError(kDoing, place_of(settings),
                      fmt::format("{}: {}", call, std::generic_category().message(errno)));
  };
  const int on = 1, off = 0;
  Socket socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_in6);
  if (socket.is_open()) {
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(settings.port);
  } else {
    socket = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) fail("socket");
    length = sizeof(sockaddr_in);
    auto& address = reinterpret_cast<sockaddr_in&>(storage);
    address.sin_family = AF_INET;
    address.sin_port = htons(settings.port);
  }
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&storage), length) != 0) fail("bind");
  if (::listen(socket.get(), SOMAXCONN) != 0) fail("listen");
  return socket;
}

}  // namespace

/// Answers each connection in a thread of its own.
class RankStore::Server {
 public:
  explicit Server(const RankSettings& settings) : listening_(listen_at(settings)) {
    accepting_ = std::thread([this] { accept_all(); });
  }

  ~Server() {
    {
      const std::scoped_lock lock(mutex_);
      is_ending_ = true;
      for (const Socket& socket : sockets_) ::shutdown(socket.get(), SHUT_RDWR);
    }
    changed_.notify_all();
    ::shutdown(listening_.get(), SHUT_RDWR);  // ends accept()
    accepting_.join();
    for (std::thread& thread : answering_) thread.join();
  }

  bool has_someone_left() const { return has_someone_left_; }

 private:
  /// A call that fails, e.g. for want of descriptors, is tried again until the end: the others wait for it.
  void accept_all() {
    constexpr Milliseconds kPause{20};
    for (;;) {
      Socket socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      std::unique_lock lock(mutex_);
      if (is_ending_) return;
      if (!socket.is_open()) {
        changed_.wait_for(lock, kPause, [this] { return is_ending_; });
        continue;
      }
      const int descriptor = socket.get();
      sockets_.push_back(std::move(socket));
      answering_.emplace_back([this, descriptor] { answer(descriptor); });
    }
  }

  void answer(int socket) {
    answer_until_closed(socket);
    has_someone_left_ = true;
  }

  /// Requests: 's' key value, answered by a byte; 'g' key, answered by the value once there is one.
  void answer_until_closed(int socket) {
    char request = 0;
    while (receive_all(socket, &request, 1)) {
      auto key = receive_text(socket);
      if (!key) return;
      if (request == 's') {
        auto value = receive_text(socket);
        if (!value) return;
        {
          const std::scoped_lock lock(mutex_);
          values_[*key] = *std::move(value);
        }
        changed_.notify_all();
        if (!send_all(socket, &request, 1)) return;
      } else {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return is_ending_ || values_.contains(*key); });
        if (is_ending_) return;
        const std::string value = values_[*key];
        lock.unlock();
        if (!send_text(socket, value)) return;
      }
    }
  }

  Socket listening_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  std::atomic<bool> has_someone_left_ = false;
  std::map<std::string, std::string> values_;
  std::list<Socket> sockets_;
  std::list<std::thread> answering_;
  std::thread accepting_;
};

class RankStore::Connection {
 public:
  explicit Connection(const RankSettings& settings)
      : place_(place_of(settings)), socket_(connect_in_time(settings)) {}

  void set(const std::string& key, const std::string& value) {
    if (std::max(key.size(), value.size()) > kMostBytes)
      fail(fmt::format("a value has {} bytes, expected {} at most", value.size(), kMostBytes));
    const std::scoped_lock lock(mutex_);
    expect_open();
    char done = 0;
    if (!send_all(socket_.get(), "s", 1) || !send_text(socket_.get(), key) ||
        !send_text(socket_.get(), value) || !receive_all(socket_.get(), &done, 1))
      fail("rank 0 is gone");
  }

  std::string get(const std::string& key, Milliseconds timeout) {
    const std::scoped_lock lock(mutex_);
    expect_open();
    const timeval limit = {timeout.count() / 1000, timeout.count() % 1000 * 1000};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (!send_all(socket_.get(), "g", 1) || !send_text(socket_.get(), key)) fail("rank 0 is gone");
    errno = 0;
    auto value = receive_text(socket_.get());
    if (!value) {
      const bool is_late = errno == EAGAIN || errno == EWOULDBLOCK;
      if (is_late) socket_ = Socket();  // its answer, when it comes, would be taken for the next request's
      fail(is_late ? fmt::format("another rank did not come within {} s", timeout.count() / 1000)
                   : "rank 0 is gone");
    }
    return *std::move(value);
  }

  /// The server says nothing unasked. False while something is being asked.
  bool is_closed() const {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || !socket_.is_open()) return false;
    pollfd events{socket_.get(), POLLRDHUP, 0};
    return ::poll(&events, 1, 0) > 0;
  }

 private:
  void expect_open() const {
    if (!socket_.is_open()) fail("the connection was given up when another rank did not come");
  }
  [[noreturn]] void fail(const std::string& problem) const { throw SystemError(kDoing, place_, problem); }

  std::string place_;
  mutable std::mutex mutex_;
  Socket socket_;
};

RankStore::RankStore(const RankSettings& settings)
    : server_(settings.rank == 0 ? std::make_unique<Server>(settings) : nullptr),
      connection_(std::make_unique<Connection>(settings)) {}

RankStore::~RankStore() = default;

void RankStore::set(const std::string& key, const std::string& value) { connection_->set(key, value); }

std::string RankStore::get(const std::string& key, Milliseconds timeout) {
  return connection_->get(key, timeout);
}

bool RankStore::has_someone_left() const {
  return server_ ? server_->has_someone_left() : connection_->is_closed();
}

}  // namespace conceptune::training
