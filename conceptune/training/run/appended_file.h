// A file that grows by pieces and outlives a full disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace conceptune::training {

class AppendedFile {
 public:
  /// Keeps the first `bytes` bytes of an existing file and goes on behind them. Throws SystemError when the
  /// file cannot be opened, InputError when it is shorter than that.
  AppendedFile(std::filesystem::path path, std::int64_t bytes);
  ~AppendedFile();
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;

  /// Appends a piece. What a full disk refuses is kept in memory, with a warning, and written with a later
  /// piece.
  void add(std::string_view piece);
  /// Length of the file, with what still waits to be written.
  std::int64_t bytes() const { return written_ + static_cast<std::int64_t>(waiting_.size()); }
  /// Brings all pieces to the disk; throws SystemError when it refuses.
  void sync();

 private:
  void write_waiting();

  std::filesystem::path path_;
  int descriptor_;
  std::int64_t written_;
  std::string waiting_;
  bool warned_ = false;
};

}  // namespace conceptune::training
