#include "cli/faults.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>

#include "conceptune/base/error.h"
#include "conceptune/base/mapped_file.h"
#include "conceptune/base/visible_text.h"

namespace conceptune::cli {
namespace {

/// In a signal handler, where neither memory nor stdio may be used.
void say(const char* text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

void explain_bus_error(int number, siginfo_t* info, void*) {
  const char* const path = mapped_file_at(info->si_addr);
  if (!path) {
    ::signal(number, SIG_DFL);  // not ours: the fault happens again and ends the program as usual
    return;
  }
  say("conceptune: reading: ");
  say(path);
  say(": it became shorter, or could not be read from its disk, while it was in use\n");
  ::_exit(1);
}

[[noreturn]] void explain_termination() {
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
    fmt::print(stderr, "conceptune: ended by a fault of the program\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "conceptune: {}\n", visible_text(message_of(error)));
  } catch (...) {
    fmt::print(stderr, "conceptune: ended by an unknown exception\n");
  }
  ::_exit(1);
}

}  // namespace

void explain_faults() {
  ::signal(SIGXFSZ, SIG_IGN);
  struct sigaction action {};
  action.sa_sigaction = explain_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, nullptr);
  std::set_terminate(explain_termination);
}

std::string message_of(const std::exception& error) {
  const std::string text = error.what();
  if (dynamic_cast<const std::bad_alloc*>(&error) || text.find("can't allocate memory") != std::string::npos)
    return "out of memory: what was finished is kept; conceptune check estimates what a run needs";
  if (dynamic_cast<const Error*>(&error)) return text;
  if (const auto* refusal = dynamic_cast<const std::filesystem::filesystem_error*>(&error))
    return fmt::format("reading or writing: {}: {}",
                       (refusal->path2().empty() ? refusal->path1() : refusal->path2()).string(),
                       refusal->code().message());
  return text.substr(0, text.find('\n'));  // a library may add where its code was
}

}  // namespace conceptune::cli
