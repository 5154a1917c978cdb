// How long the threads of a program spin at the end of a parallel loop before they sleep.
//
// A step runs some thousand short loops. libgomp lets a thread that is done spin for milliseconds, which
// costs nothing on an idle machine; but where other programs run, threads then spin away the time slices in
// which the last one would have finished: one busy program beside it on two cores slowed a training step down
// fivefold, two of them sixteenfold, instead of twofold (bench/README.md). A thousand rounds, some tens of
// microseconds, span the gap to the next loop.
//
// libgomp takes this from the environment alone, and reads it when it is loaded. So a program starts itself
// once more with the variable set, at the first moment at which code of it runs: before the libraries' own
// start, which takes most of the time that starting takes. Commands that run no model are spared it.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace {

constexpr const char* kSpinning = "GOMP_SPINCOUNT";
constexpr const char* kChoice = "GOMP_SPINCOUNT=01000";  // written so that it is known for ours

bool sets(const char* entry, const char* name) {
  const std::size_t length = std::strlen(name);
  return std::strncmp(entry, name, length) == 0 && entry[length] == '=';
}

/// By the file that runs, which is another one where a loader was asked to run the program.
bool runs_model(const char* program, const char* command) {
  constexpr const char* kCommands[] = {"annotate", "train", "eval", "run", "check"};
  const char* const slash = std::strrchr(program, '/');
  const char* const name = slash ? slash + 1 : program;
  if (std::strncmp(name, "bench_", 6) == 0) return true;
  if (std::strcmp(name, "conceptune") != 0 || !command) return false;
  for (const char* candidate : kCommands)
    if (std::strcmp(command, candidate) == 0) return true;
  return false;
}

/// The C library is not started yet: no memory from it, and its environment is not there.
void start_again(int argc, char** argv, char** environment) {
  static char program[4096];
  if (::readlink("/proc/self/exe", program, sizeof program - 1) <= 0) return;
  if (!runs_model(program, argc > 1 ? argv[1] : nullptr)) return;
  constexpr std::size_t kMostVariables = 4096;
  static char* extended[kMostVariables + 2];
  std::size_t count = 0;
  for (; environment[count]; ++count) {
    char* const entry = environment[count];
    if (count == kMostVariables || sets(entry, kSpinning) || sets(entry, "OMP_WAIT_POLICY")) return;
    extended[count] = entry;
  }
  extended[count] = const_cast<char*>(kChoice);
  ::execve(program, argv, extended);  // where that fails, libgomp's own choice stays
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const kBeforeLibraries)(int, char**,
                                                                             char**) = start_again;

/// Programs that this one starts choose for themselves.
[[gnu::constructor]] void forget() {
  const char* const rounds = std::getenv(kSpinning);
  if (rounds && std::strcmp(rounds, kChoice + std::strlen(kSpinning) + 1) == 0) ::unsetenv(kSpinning);
}

}  // namespace
