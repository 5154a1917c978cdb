// What the system would end the program for without a word: told in one line instead.
#pragma once

#include <exception>
#include <string>

namespace conceptune::cli {

/// A file that outgrows the limit of file sizes becomes an error of the write (SIGXFSZ is ignored). A mapped
/// file that another program makes shorter, and an exception that leaves a thread, end the program with exit
/// code 1 and one line that says so. Called once, before anything else.
void explain_faults();

/// What an exception says to a user: its first line, and "out of memory" for what the standard library and
/// libtorch throw then.
std::string message_of(const std::exception& error);

}  // namespace conceptune::cli
