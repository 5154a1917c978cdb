#include "conceptune/runtime/weights/safetensors.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "conceptune/base/error.h"

namespace conceptune::weights {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kDoing = "reading safetensors";
constexpr std::size_t kLengthBytes = 8;

struct ElementType {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr ElementType kElementTypes[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
    {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"F64", 8},     {"I64", 8}, {"U64", 8},
};

const ElementType* element_type_named(std::string_view name) {
  const auto* found = std::ranges::find(kElementTypes, name, &ElementType::name);
  return found == std::end(kElementTypes) ? nullptr : found;
}

}  // namespace

/// Fills a SafetensorsFile from untrusted bytes.
class SafetensorsFile::Parser {
 public:
  Parser(SafetensorsFile& file, std::span<const std::byte> bytes) : file_(file), bytes_(bytes) {}

  void parse() {
    const std::string_view header = header_text();
    data_ = bytes_.subspan(kLengthBytes + header.size());
    dom::parser parser;
    const auto root = parser.parse(header.data(), header.size());
    dom::object object;
    if (root.error()) fail("header", simdjson::error_message(root.error()));
    if (root.get(object)) fail("header", "expected a JSON object");
    std::set<std::string_view> keys;
    for (const auto& [key, value] : object) {
      if (!keys.insert(key).second) fail(quoted(key), "stands in the header twice");
      if (key == "__metadata__")
        parse_metadata(value);
      else
        parse_tensor(key, value);
    }
    check_coverage();
    for (std::size_t i = 0; i < file_.tensors_.size(); ++i) file_.index_.emplace(file_.tensors_[i].name, i);
  }

 private:
  [[noreturn]] void fail(std::string_view what, std::string_view problem) const {
    throw InputError(kDoing, fmt::format("{}, {}", file_.name_, what), problem);
  }
  static std::string quoted(std::string_view name) { return fmt::format("tensor '{}'", name); }

  std::string_view header_text() const {
    std::uint64_t length = 0;
    if (bytes_.size() < kLengthBytes) fail("byte 0", "expected a header length of 8 bytes");
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    const std::uint64_t most = std::min<std::uint64_t>(kMaxHeaderBytes, bytes_.size() - kLengthBytes);
    if (length > most) fail("byte 0", fmt::format("header length is {}, expected at most {}", length, most));
    const std::string_view header(reinterpret_cast<const char*>(bytes_.data()) + kLengthBytes, length);
    if (!header.starts_with('{')) fail("byte 8", "expected '{'");
    return header;
  }

  void parse_metadata(const dom::element& value) {
    dom::object object;
    if (value.get(object)) fail("__metadata__", "expected an object of strings");
    for (const auto& [key, item] : object) {
      std::string_view text;
      if (item.get(text)) fail("__metadata__", fmt::format("'{}': expected a string", key));
      if (!file_.metadata_.emplace(key, text).second)
        fail("__metadata__", fmt::format("'{}' stands there twice", key));
    }
  }

  void parse_tensor(std::string_view name, const dom::element& value) {
    dom::object object;
    if (value.get(object)) fail(quoted(name), "expected an object");
    std::set<std::string_view> keys;
    for (const auto& [key, item] : object)
      if (!keys.insert(key).second) fail(quoted(name), fmt::format("\"{}\" stands there twice", key));
    const ElementType& type = parse_type(name, object);
    SafetensorsTensor tensor{std::string(name), type.name, parse_shape(name, object), {}};
    const auto [begin, end] = parse_offsets(name, object);
    std::uint64_t expected = type.bytes;
    for (const std::int64_t size : tensor.shape)
      if (__builtin_mul_overflow(expected, static_cast<std::uint64_t>(size), &expected))
        fail(quoted(name), "its shape overflows");
    if (end - begin != expected)
      fail(quoted(name),
           fmt::format("takes {} bytes, expected {} of its shape and type", end - begin, expected));
    tensor.bytes = data_.subspan(begin, end - begin);
    file_.tensors_.push_back(std::move(tensor));
  }

  const ElementType& parse_type(std::string_view name, const dom::object& object) const {
    std::string_view type_name;
    if (object["dtype"].get(type_name)) fail(quoted(name), "expected a string \"dtype\"");
    const ElementType* type = element_type_named(type_name);
    if (!type) fail(quoted(name), fmt::format("unknown type '{}'", type_name));
    return *type;
  }

  std::vector<std::int64_t> parse_shape(std::string_view name, const dom::object& object) const {
    dom::array sizes;
    if (object["shape"].get(sizes)) fail(quoted(name), "expected an array \"shape\"");
    std::vector<std::int64_t> shape;
    for (const dom::element& item : sizes) {
      std::int64_t size = 0;
      if (item.get(size) || size < 0) fail(quoted(name), "expected sizes of at least 0");
      if (shape.size() == kMaxDimensions)
        fail(quoted(name), fmt::format("has more than {} dimensions", kMaxDimensions));
      shape.push_back(size);
    }
    return shape;
  }

  std::pair<std::uint64_t, std::uint64_t> parse_offsets(std::string_view name,
                                                        const dom::object& object) const {
    dom::array offsets;
    if (object["data_offsets"].get(offsets) || offsets.size() != 2)
      fail(quoted(name), "expected two numbers \"data_offsets\"");
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    if (offsets.at(0).get(begin) || offsets.at(1).get(end))
      fail(quoted(name), "expected two numbers \"data_offsets\"");
    if (begin > end || end > data_.size())
      fail(quoted(name),
           fmt::format("lies at [{}, {}), expected within {} bytes of data", begin, end, data_.size()));
    return {begin, end};
  }

  /// Sorts the tensors by place and checks that each begins where the one before ends.
  void check_coverage() {
    std::ranges::stable_sort(file_.tensors_, [](const SafetensorsTensor& a, const SafetensorsTensor& b) {
      return std::pair(a.bytes.data(), a.bytes.size()) < std::pair(b.bytes.data(), b.bytes.size());
    });
    const std::byte* expected = data_.data();
    for (const SafetensorsTensor& tensor : file_.tensors_) {
      if (tensor.bytes.data() != expected)
        fail(quoted(tensor.name), fmt::format("begins at byte {} of the data, expected {}",
                                              tensor.bytes.data() - data_.data(), expected - data_.data()));
      expected += tensor.bytes.size();
    }
    if (expected != data_.data() + data_.size())
      fail("data", fmt::format("{} bytes belong to no tensor", data_.data() + data_.size() - expected));
  }

  SafetensorsFile& file_;
  std::span<const std::byte> bytes_;
  std::span<const std::byte> data_;
};

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : file_(path, kDoing), name_(path.string()) {
  Parser(*this, file_.bytes()).parse();
}

SafetensorsFile::SafetensorsFile(std::span<const std::byte> bytes, std::string name)
    : name_(std::move(name)) {
  Parser(*this, bytes).parse();
}

const SafetensorsTensor& SafetensorsFile::tensor(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) throw InputError(kDoing, name_, fmt::format("has no tensor '{}'", name));
  return tensors_[found->second];
}

}  // namespace conceptune::weights
