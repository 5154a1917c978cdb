// Reading safetensors files (the format of huggingface/safetensors: an 8-byte header length, a JSON header,
// the tensors' bytes), mapped.
//
// Nothing in a file is trusted. Refused with InputError: a header longer than kMaxHeaderBytes or than the
// file, one that does not begin with '{', duplicate keys, unknown types, more than kMaxDimensions dimensions,
// products that overflow, and offsets that do not cover the data one after the other without gap or overlap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/mapped_file.h"
#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::weights {

struct SafetensorsTensor {
  std::string name;
  std::string_view type;  ///< as the format spells it, e.g. "BF16"
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  ///< in the mapped file, of any alignment
};

/// An opened file; the spans it hands out live as long as it does. Immutable after construction.
class SafetensorsFile {
 public:
  /// Maps and checks the file.
  explicit SafetensorsFile(const std::filesystem::path& path);
  /// The same for bytes in memory, which must outlive the object; `name` stands for the path in messages.
  SafetensorsFile(std::span<const std::byte> bytes, std::string name);

  const std::string& name() const { return name_; }
  /// In the order of their bytes.
  const std::vector<SafetensorsTensor>& tensors() const { return tensors_; }
  std::size_t size() const { return tensors_.size(); }
  bool contains(std::string_view name) const { return index_.contains(name); }
  /// The strings of "__metadata__".
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  /// The tensor of that name; throws InputError when there is none.
  const SafetensorsTensor& tensor(std::string_view name) const;

  /// A copy of one vector, as a single row, or matrix in float32. Throws InputError when there is none of
  /// that name, and for other types than F32, F16 and BF16 or more dimensions.
  model::Matrix load(std::string_view name) const;

  static constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  ///< the format's own limit
  static constexpr std::size_t kMaxDimensions = 16;

 private:
  class Parser;

  MappedFile file_;
  std::string name_;
  std::vector<SafetensorsTensor> tensors_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace conceptune::weights
