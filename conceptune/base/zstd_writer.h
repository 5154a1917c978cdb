// A zstd-compressed file, written through an AtomicFile.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace conceptune {

/// Compresses what is written into one frame. The destination appears only with commit(). The same content
/// gives the same bytes on every machine with the same zstd version (one thread, fixed level).
class ZstdWriter {
 public:
  explicit ZstdWriter(const std::filesystem::path& destination, int level = 6);
  ~ZstdWriter();
  ZstdWriter(const ZstdWriter&) = delete;
  ZstdWriter& operator=(const ZstdWriter&) = delete;

  /// Throws SystemError when the disk refuses.
  void write(std::string_view bytes);
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace conceptune
