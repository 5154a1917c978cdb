// The walk over a GGUF file's bytes, where everything is checked.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/base/gguf.h"
#include "conceptune/base/utf8.h"

namespace conceptune {
namespace {

constexpr std::string_view kDoing = "reading GGUF file";
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kMaxKeyBytes = 65535;

}  // namespace

/// Walks over the bytes once, from header to tensor table.
class GgufFile::Parser {
 public:
  Parser(GgufFile& file, std::span<const std::byte> bytes) : file_(file), bytes_(bytes) {}

  void run() {
    if (remaining() < 4 || take(4) != "GGUF") fail(0, "does not begin with 'GGUF': no GGUF file");
    file_.version_ = number<std::uint32_t>();
    if (file_.version_ != 2 && file_.version_ != 3)
      fail(4, fmt::format("version is {}, expected 2 or 3 (little endian)", file_.version_));
    const auto tensors = limited("tensors", kMaxTensors);
    const auto entries = limited("metadata entries", kMaxEntries);
    for (std::uint64_t i = 0; i < entries; ++i) read_entry();
    alignment_ = read_alignment();
    for (std::uint64_t i = 0; i < tensors; ++i) read_tensor();
    place_tensors();
  }

 private:
  [[noreturn]] void fail(std::uint64_t position, std::string_view problem) const {
    throw InputError(kDoing, fmt::format("{}, byte {}", file_.name_, position), problem);
  }

  std::uint64_t remaining() const { return bytes_.size() - position_; }

  std::string_view take(std::uint64_t size) {
    if (size > remaining())
      fail(position_, fmt::format("{} bytes expected, {} left in the file", size, remaining()));
    const auto* data = reinterpret_cast<const char*>(bytes_.data()) + position_;
    position_ += size;
    return {data, size};
  }

  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view string() { return take(number<std::uint64_t>()); }

  std::uint64_t limited(std::string_view what, std::uint64_t limit) {
    const auto at = position_;
    const auto count = number<std::uint64_t>();
    if (count > limit) fail(at, fmt::format("{} {}, expected at most {}", count, what, limit));
    return count;
  }

  /// A key or tensor name: not empty, not too long, UTF-8.
  std::string_view identifier(std::string_view what, std::uint64_t limit) {
    const auto at = position_;
    const auto size = number<std::uint64_t>();
    if (size == 0 || size > limit)
      fail(at, fmt::format("{} of {} bytes, expected 1 to {}", what, size, limit));
    const auto text = take(size);
    if (first_invalid_utf8(text)) fail(at, fmt::format("{} is not valid UTF-8", what));
    return text;
  }

  GgufType value_type() {
    const auto at = position_;
    const auto id = number<std::uint32_t>();
    if (id > static_cast<std::uint32_t>(GgufType::f64))
      fail(at, fmt::format("unknown value type {}, expected 0 to 12", id));
    return static_cast<GgufType>(id);
  }

  void read_entry() {
    const auto at = position_;
    const auto key = identifier("key", kMaxKeyBytes);
    GgufValue value{value_type(), false, 1, {}, {}};
    if (value.type == GgufType::array) {
      value.is_array = true;
      value.type = value_type();
      if (value.type == GgufType::array) fail(at, fmt::format("'{}' is an array of arrays", key));
      value.count = number<std::uint64_t>();
    }
    read_elements(value);
    if (!file_.metadata_.emplace(key, std::move(value)).second) fail(at, fmt::format("key '{}' twice", key));
  }

  void read_elements(GgufValue& value) {
    const bool is_string = value.type == GgufType::string;
    const std::uint64_t least_bytes = is_string ? sizeof(std::uint64_t) : size_of(value.type);
    if (value.count > remaining() / least_bytes)
      fail(position_,
           fmt::format("array of {} elements, {} bytes left in the file", value.count, remaining()));
    if (!is_string) {
      const auto data = take(value.count * least_bytes);
      value.bytes = std::as_bytes(std::span(data));
      return;
    }
    value.strings.reserve(value.count);
    for (std::uint64_t i = 0; i < value.count; ++i) value.strings.push_back(string());
  }

  std::uint64_t read_alignment() const {
    const auto alignment = file_.integer("general.alignment").value_or(kDefaultAlignment);
    if (alignment < 1 || alignment > (1 << 20) || (alignment & (alignment - 1)) != 0)
      fail(position_, fmt::format("general.alignment is {}, expected a power of two up to 2^20", alignment));
    return static_cast<std::uint64_t>(alignment);
  }

  void read_tensor() {
    const auto at = position_;
    GgufTensor tensor;
    tensor.name = identifier("tensor name", kMaxNameBytes);
    const auto dimensions = number<std::uint32_t>();
    if (dimensions < 1 || dimensions > 4)
      fail(at, fmt::format("tensor '{}' has {} dimensions, expected 1 to 4", tensor.name, dimensions));
    std::uint64_t elements = 1;
    for (std::uint32_t i = 0; i < dimensions; ++i) {
      const auto size = number<std::uint64_t>();
      if (size == 0 || size > INT64_MAX || __builtin_mul_overflow(elements, size, &elements))
        fail(at, fmt::format("tensor '{}' has dimension {} or too many elements", tensor.name, size));
      tensor.shape.push_back(static_cast<std::int64_t>(size));
    }
    const auto type = number<std::uint32_t>();
    tensor.type = ggml_type_layout(type);
    if (!tensor.type) fail(at, fmt::format("tensor '{}' has unknown type {}", tensor.name, type));
    places_.push_back({file_.tensors_.size(), number<std::uint64_t>(), size_in_bytes(tensor, elements, at)});
    file_.tensors_.push_back(std::move(tensor));
  }

  std::uint64_t size_in_bytes(const GgufTensor& tensor, std::uint64_t elements, std::uint64_t at) const {
    const auto [id, name, block_elements, block_bytes] = *tensor.type;
    if (static_cast<std::uint64_t>(tensor.shape[0]) % block_elements != 0)
      fail(at, fmt::format("tensor '{}' has rows of {} elements, {} needs a multiple of {}", tensor.name,
                           tensor.shape[0], name, block_elements));
    std::uint64_t bytes;
    if (__builtin_mul_overflow(elements / block_elements, std::uint64_t{block_bytes}, &bytes))
      fail(at, fmt::format("tensor '{}' has too many elements", tensor.name));
    return bytes;
  }

  /// Gives each tensor its bytes, once the table's end and so the data's begin is known.
  void place_tensors() {
    const auto begin = (position_ + alignment_ - 1) / alignment_ * alignment_;
    std::ranges::sort(places_, {}, &Place::offset);
    std::uint64_t used = 0;
    for (const auto& [index, offset, size] : places_) {
      auto& tensor = file_.tensors_[index];
      if (offset % alignment_ != 0)
        fail(begin, fmt::format("tensor '{}' at {} is not aligned to {}", tensor.name, offset, alignment_));
      if (begin > bytes_.size() || offset > bytes_.size() - begin || size > bytes_.size() - begin - offset)
        fail(begin,
             fmt::format("tensor '{}' ({} bytes at {}) lies beyond the end of the file: is it complete?",
                         tensor.name, size, offset));
      if (offset < used) fail(begin, fmt::format("tensor '{}' overlaps another", tensor.name));
      used = offset + size;
      tensor.bytes = bytes_.subspan(begin + offset, size);
    }
    check_unique_names();
  }

  void check_unique_names() const {
    std::vector<std::string_view> names;
    for (const auto& tensor : file_.tensors_) names.push_back(tensor.name);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice != names.end()) fail(position_, fmt::format("tensor '{}' twice", *twice));
  }

  struct Place {
    std::size_t index;
    std::uint64_t offset, size;
  };

  GgufFile& file_;
  std::span<const std::byte> bytes_;
  std::uint64_t position_ = 0;
  std::uint64_t alignment_ = kDefaultAlignment;
  std::vector<Place> places_;
};

GgufFile::GgufFile(const std::filesystem::path& path) : file_(path, kDoing), name_(path.string()) {
  Parser(*this, file_.bytes()).run();
}

GgufFile::GgufFile(std::span<const std::byte> bytes, std::string name) : name_(std::move(name)) {
  Parser(*this, bytes).run();
}

}  // namespace conceptune
