// A library to be preloaded (LD_PRELOAD): lets the n-th call of one kind fail, as a full disk, a broken one
// or exhausted memory would. The environment says which:
//   CONCEPTUNE_FAULT=KIND:N    write, sync, rename, open, map or allocate; N from 1. 0 lets nothing fail.
//   CONCEPTUNE_FAULT_BELOW     only files below this folder count (not for allocate)
//   CONCEPTUNE_FAULT_COUNT     at its end the process writes here how many calls of the kind there were
// Allocations count from 64 KiB on: small ones are too many to try each, and glibc makes some before main().
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

constexpr std::size_t kSmallestAllocation = 64 << 10;

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct Plan {
  std::string_view kind;
  long number = 0;
  std::string_view below;
  const char* count_file = nullptr;
  std::atomic<long> calls = 0;

  Plan() {
    const char* const fault = std::getenv("CONCEPTUNE_FAULT");
    const char* const folder = std::getenv("CONCEPTUNE_FAULT_BELOW");
    if (!fault) return;
    const std::string_view text(fault);
    kind = text.substr(0, text.find(':'));
    number = std::atol(fault + kind.size() + 1);
    if (folder) below = folder;
    count_file = std::getenv("CONCEPTUNE_FAULT_COUNT");
  }
  ~Plan() {
    if (!count_file) return;
    const int file = next<int(const char*, int, ...)>("open")(count_file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    char text[32];
    const int size = std::snprintf(text, sizeof text, "%ld\n", calls.load());
    [[maybe_unused]] const ssize_t written =
        next<ssize_t(int, const void*, std::size_t)>("write")(file, text, static_cast<std::size_t>(size));
    ::close(file);
  }

  bool fails(std::string_view which) { return kind == which && ++calls == number; }
};

Plan& plan() {
  static Plan plan;
  return plan;
}
[[gnu::constructor]] void begin() { plan(); }

bool counts(const char* path) {
  if (plan().kind.empty()) return false;
  char absolute[PATH_MAX];
  // Of a file that is to be made, the folder.
  if (!::realpath(path, absolute)) {
    std::snprintf(absolute, sizeof absolute, "%s", path);
    if (char* const slash = std::strrchr(absolute, '/')) *slash = '\0';
    char folder[PATH_MAX];
    if (!::realpath(absolute, folder)) return false;
    std::memcpy(absolute, folder, sizeof folder);
  }
  return std::string_view(absolute).starts_with(plan().below);
}

bool counts(int file) {
  if (plan().kind.empty()) return false;
  char link[64], path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  return size > 0 && std::string_view(path, static_cast<std::size_t>(size)).starts_with(plan().below);
}

bool fail(int error_number) {
  errno = error_number;
  return true;
}

bool write_fails(int file) { return counts(file) && plan().fails("write") && fail(ENOSPC); }
bool sync_fails(int file) { return counts(file) && plan().fails("sync") && fail(EIO); }
bool open_fails(const char* path) { return counts(path) && plan().fails("open") && fail(EMFILE); }
bool rename_fails(const char* path) { return counts(path) && plan().fails("rename") && fail(EIO); }
bool map_fails(int file) { return file >= 0 && counts(file) && plan().fails("map") && fail(ENOMEM); }
bool allocate_fails(std::size_t bytes) {
  return bytes >= kSmallestAllocation && plan().fails("allocate") && fail(ENOMEM);
}

mode_t mode_of(int flags, va_list& arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, std::size_t size) {
  static auto* const real = next<ssize_t(int, const void*, std::size_t)>("write");
  return write_fails(file) ? -1 : real(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t at) {
  static auto* const real = next<ssize_t(int, const void*, std::size_t, off_t)>("pwrite");
  return write_fails(file) ? -1 : real(file, bytes, size, at);
}
ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t at) {
  return pwrite(file, bytes, size, at);
}

int ftruncate(int file, off_t size) noexcept {
  static auto* const real = next<int(int, off_t)>("ftruncate");
  return write_fails(file) ? -1 : real(file, size);
}
int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }

int fsync(int file) {
  static auto* const real = next<int(int)>("fsync");
  return sync_fails(file) ? -1 : real(file);
}
int fdatasync(int file) {
  static auto* const real = next<int(int)>("fdatasync");
  return sync_fails(file) ? -1 : real(file);
}

int open(const char* path, int flags, ...) {
  static auto* const real = next<int(const char*, int, ...)>("open");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_fails(path) ? -1 : real(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open(path, flags | O_LARGEFILE, mode);
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = next<int(const char*, const char*)>("rename");
  return rename_fails(to) ? -1 : real(from, to);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  static auto* const real = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
  return rename_fails(to) ? -1 : real(from_folder, from, to_folder, to, flags);
}

void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t at) noexcept {
  static auto* const real = next<void*(void*, std::size_t, int, int, int, off_t)>("mmap");
  return map_fails(file) ? MAP_FAILED : real(address, size, protection, flags, file, at);
}
void* mmap64(void* address, std::size_t size, int protection, int flags, int file, off64_t at) noexcept {
  return mmap(address, size, protection, flags, file, at);
}

}  // extern "C"

// operator new is what the program and its libraries allocate by; malloc itself is needed to look its next
// one up.
void* operator new(std::size_t bytes) {
  if (!allocate_fails(bytes))
    if (void* const memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
