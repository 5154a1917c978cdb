// SHA-256, for what files and products are known by.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace conceptune {

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// Lower-case hexadecimal digest, 64 characters. Ends the computation.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Digest of one string.
std::string sha256_hex(std::string_view bytes);

/// Digest of a file's content; throws InputError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace conceptune
