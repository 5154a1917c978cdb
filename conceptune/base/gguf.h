// GGUF, the model file format of llama.cpp (ggml's docs/gguf.md), versions 2 and 3, little endian, mapped.
//
// Nothing in a file is trusted. Refused with InputError: lengths, counts or offsets beyond the file, products
// that overflow, duplicate keys or tensor names, nested arrays, unknown value or tensor types, a tensor that
// is misaligned, out of the file or overlaps another. Limits: kMaxEntries keys, kMaxTensors tensors, keys of
// 65535 bytes (the format's own), tensor names of kMaxNameBytes, 1 to 4 dimensions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/mapped_file.h"

namespace conceptune {

enum class GgufType : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  boolean,
  string,
  array,
  u64,
  i64,
  f64
};

/// Bytes of one number of that type; 0 for strings and arrays.
std::uint64_t size_of(GgufType type);

/// One metadata value as it lies in the file.
struct GgufValue {
  GgufType type;  // of the value, or of the elements of an array
  bool is_array;
  std::uint64_t count;                    // elements; 1 for a single value
  std::span<const std::byte> bytes;       // numbers, packed; empty for strings
  std::vector<std::string_view> strings;  // string or string array, pointing into the file

  /// For people: the value itself, or the first elements and the count of an array.
  std::string text() const;
};

/// How a ggml tensor type packs its elements: `block_bytes` hold `block_elements`.
struct GgmlTypeLayout {
  std::uint32_t id;
  const char* name;
  std::uint32_t block_elements;
  std::uint32_t block_bytes;
};

/// Layout of a ggml type id, or null when the id is unknown.
const GgmlTypeLayout* ggml_type_layout(std::uint32_t id);

struct GgufTensor {
  std::string_view name;
  const GgmlTypeLayout* type;
  std::vector<std::int64_t> shape;   // as stored: the fastest dimension first (reverse of PyTorch's order)
  std::span<const std::byte> bytes;  // in the mapped file
};

/// An opened file; the views it hands out live as long as it does. Immutable after construction.
class GgufFile {
 public:
  /// Maps and checks the file. Throws InputError with the byte at fault.
  explicit GgufFile(const std::filesystem::path& path);
  /// The same for bytes in memory, which must outlive the object; `name` stands for the path in messages.
  GgufFile(std::span<const std::byte> bytes, std::string name);

  std::uint32_t version() const { return version_; }
  const std::string& name() const { return name_; }
  /// In the order of their keys.
  const std::map<std::string_view, GgufValue>& metadata() const { return metadata_; }
  /// In the order of the file.
  const std::vector<GgufTensor>& tensors() const { return tensors_; }

  // Values by key: nothing when the key is absent, InputError when it has another type. Integers of any width
  // are accepted where the value fits.
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;  // floats and integers
  std::optional<bool> boolean(std::string_view key) const;
  std::optional<std::string_view> string(std::string_view key) const;
  /// Null when absent.
  const std::vector<std::string_view>* strings(std::string_view key) const;
  std::optional<std::vector<std::int64_t>> integers(std::string_view key) const;
  std::optional<std::vector<double>> numbers(std::string_view key) const;

  static constexpr std::uint64_t kMaxEntries = 1 << 16;
  static constexpr std::uint64_t kMaxTensors = 1 << 17;
  static constexpr std::uint64_t kMaxNameBytes = 1 << 10;

 private:
  class Parser;

  const GgufValue* find(std::string_view key, bool is_array) const;
  [[noreturn]] void wrong_type(std::string_view key, std::string_view expected) const;

  MappedFile file_;
  std::string name_;
  std::uint32_t version_ = 0;
  std::map<std::string_view, GgufValue> metadata_;
  std::vector<GgufTensor> tensors_;
};

}  // namespace conceptune
