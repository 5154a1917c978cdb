// How long the threads of a program spin at the end of a parallel loop before they sleep.
//
// A step runs some thousand short loops. libgomp lets a thread that is done spin for milliseconds, which costs
// nothing on an idle machine; but where other programs run, threads then spin away the time slices in which the
// last one would have finished: two programs on two cores slow a training step down eightfold instead of
// twofold. A thousand rounds, some tens of microseconds, span the gap to the next loop.
//
// libgomp takes this from the environment alone, and reads it when it is loaded. So a program starts itself
// once more with the variable set, at the first moment at which code of it runs: before the libraries' own
// start, which takes most of the time that starting takes. Commands that run no model are spared it.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace {

constexpr const char* kSpinning = "GOMP_SPINCOUNT";
constexpr const char* kRounds = "01000";  // written so that it is known for ours
constexpr const char* kChoice = "GOMP_SPINCOUNT=01000";

bool sets(const char* entry, const char* name) {
  const std::size_t length = std::strlen(name);
  return std::strncmp(entry, name, length) == 0 && entry[length] == '=';
}

bool runs_model(char** argv) {
  constexpr const char* kCommands[] = {"annotate", "train", "eval", "run"};
  const char* const slash = argv[0] ? std::strrchr(argv[0], '/') : nullptr;
  if (!argv[0] || std::strcmp(slash ? slash + 1 : argv[0], "conceptune") != 0) return true;  // a benchmark
  for (const char* command : kCommands)
    if (argv[1] && std::strcmp(argv[1], command) == 0) return true;
  return false;
}

/// The C library is not started yet: no memory from it, and its environment is not there.
void start_again(int /*argc*/, char** argv, char** environment) {
  if (!runs_model(argv)) return;
  constexpr std::size_t kMostVariables = 4096;
  static char* extended[kMostVariables + 2];
  std::size_t count = 0;
  for (; environment[count]; ++count) {
    const char* const entry = environment[count];
    if (count == kMostVariables || sets(entry, kSpinning) || sets(entry, "OMP_WAIT_POLICY")) return;
    extended[count] = environment[count];
  }
  extended[count] = const_cast<char*>(kChoice);
  static char program[4096];
  const ssize_t length = ::readlink("/proc/self/exe", program, sizeof program - 1);
  if (length > 0) ::execve(program, argv, extended);  // where that fails, libgomp's own choice stays
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const kBeforeLibraries)(int, char**, char**) =
    start_again;

/// Programs that this one starts choose for themselves.
[[gnu::constructor]] void forget() {
  const char* const rounds = std::getenv(kSpinning);
  if (rounds && std::strcmp(rounds, kRounds) == 0) ::unsetenv(kSpinning);
}

}  // namespace
