#include "conceptune/words/english/msgpack.h"

#include <fmt/format.h>

#include <bit>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/utf8.h"

namespace conceptune::words {
namespace {

constexpr int kMaxDepth = 32;
// The largest file read here has some 10,000 values; a value takes 32 bytes, so a lying file costs 128 MB.
constexpr std::int64_t kMaxValues = std::int64_t{4} << 20;

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}

  MsgpackValue decode_all() {
    MsgpackValue value = decode(0);
    if (position_ != bytes_.size()) fail("data after the end of the value");
    return value;
  }

 private:
  using Content = MsgpackValue::Content;

  [[noreturn]] void fail(std::string_view problem) const {
    throw MalformedValue(fmt::format("byte {}: {}", position_, problem));
  }

  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - position_) fail("the file ends in the middle of a value");
    const auto taken = bytes_.substr(position_, size);
    position_ += size;
    return taken;
  }

  /// Big-endian number of `size` bytes.
  std::uint64_t number(int size) {
    std::uint64_t value = 0;
    for (const unsigned char byte : take(size)) value = value << 8U | byte;
    return value;
  }

  /// Two's complement number of `size` bytes.
  std::int64_t signed_number(int size) {
    const int shift = 64 - 8 * size;
    return static_cast<std::int64_t>(number(size) << shift) >> shift;
  }

  MsgpackValue text(std::uint64_t size) {
    const auto content = take(size);
    if (first_invalid_utf8(content)) fail("a string that is not valid UTF-8");
    return MsgpackValue(Content(content));
  }

  MsgpackValue array(std::uint64_t size, int depth) {
    require_room(size);
    MsgpackValue::Array items;
    items.reserve(size);
    for (std::uint64_t i = 0; i < size; ++i) items.push_back(decode(depth + 1));
    return MsgpackValue(Content(std::move(items)));
  }

  MsgpackValue map(std::uint64_t size, int depth) {
    require_room(2 * size);
    MsgpackValue::Map items;
    items.reserve(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      MsgpackValue key = decode(depth + 1);
      items.emplace_back(std::move(key), decode(depth + 1));
    }
    return MsgpackValue(Content(std::move(items)));
  }

  /// Each value takes a byte at least, so a count beyond the remaining bytes lies.
  void require_room(std::uint64_t count) {
    if (count > bytes_.size() - position_) fail("a count beyond the end of the file");
    values_ += static_cast<std::int64_t>(count);
    if (values_ > kMaxValues) fail("too many values");
  }

  MsgpackValue decode(int depth) {
    if (depth > kMaxDepth) fail("nested too deeply");
    const auto type = static_cast<std::uint8_t>(number(1));
    if (type < 0x80) return MsgpackValue(Content(std::int64_t{type}));
    if (type < 0x90) return map(type & 0x0FU, depth);
    if (type < 0xA0) return array(type & 0x0FU, depth);
    if (type < 0xC0) return text(type & 0x1FU);
    if (type >= 0xE0) return MsgpackValue(Content(std::int64_t{static_cast<std::int8_t>(type)}));
    return decode_long_form(type, depth);
  }

  MsgpackValue decode_long_form(std::uint8_t type, int depth) {
    switch (type) {
      case 0xC0:
        return MsgpackValue(Content(std::monostate()));
      case 0xC2:
        return MsgpackValue(Content(false));
      case 0xC3:
        return MsgpackValue(Content(true));
      case 0xC4:
        return MsgpackValue(Content(MsgpackValue::Binary{take(number(1))}));
      case 0xC5:
        return MsgpackValue(Content(MsgpackValue::Binary{take(number(2))}));
      case 0xC6:
        return MsgpackValue(Content(MsgpackValue::Binary{take(number(4))}));
      case 0xCA:
        return MsgpackValue(Content(double{std::bit_cast<float>(static_cast<std::uint32_t>(number(4)))}));
      case 0xCB:
        return MsgpackValue(Content(std::bit_cast<double>(number(8))));
      case 0xCC:
        return MsgpackValue(Content(number(1)));
      case 0xCD:
        return MsgpackValue(Content(number(2)));
      case 0xCE:
        return MsgpackValue(Content(number(4)));
      case 0xCF:
        return MsgpackValue(Content(number(8)));
      case 0xD0:
        return MsgpackValue(Content(signed_number(1)));
      case 0xD1:
        return MsgpackValue(Content(signed_number(2)));
      case 0xD2:
        return MsgpackValue(Content(signed_number(4)));
      case 0xD3:
        return MsgpackValue(Content(signed_number(8)));
      case 0xD9:
        return text(number(1));
      case 0xDA:
        return text(number(2));
      case 0xDB:
        return text(number(4));
      case 0xDC:
        return array(number(2), depth);
      case 0xDD:
        return array(number(4), depth);
      case 0xDE:
        return map(number(2), depth);
      case 0xDF:
        return map(number(4), depth);
      default:
        fail(fmt::format("type {:#04x} is not used in model files", type));
    }
  }

  std::string_view bytes_;
  std::size_t position_ = 0;
  std::int64_t values_ = 0;
};

template <class T>
const T& content_as(const MsgpackValue::Content& content, std::string_view expected) {
  const T* value = std::get_if<T>(&content);
  if (value == nullptr) throw MalformedValue(fmt::format("expected {}", expected));
  return *value;
}

}  // namespace

bool MsgpackValue::boolean() const { return content_as<bool>(content_, "true or false"); }

std::int64_t MsgpackValue::integer() const {
  const auto* value = std::get_if<std::uint64_t>(&content_);
  if (value == nullptr) return content_as<std::int64_t>(content_, "an integer");
  if (*value > static_cast<std::uint64_t>(INT64_MAX)) throw MalformedValue("integer too large");
  return static_cast<std::int64_t>(*value);
}

std::uint64_t MsgpackValue::unsigned_integer() const {
  if (const auto* value = std::get_if<std::uint64_t>(&content_)) return *value;
  const std::int64_t value = content_as<std::int64_t>(content_, "an integer");
  if (value < 0) throw MalformedValue("expected an integer that is not negative");
  return static_cast<std::uint64_t>(value);
}

std::string_view MsgpackValue::text() const { return content_as<std::string_view>(content_, "a string"); }

std::string_view MsgpackValue::binary() const { return content_as<Binary>(content_, "binary data").bytes; }

const MsgpackValue::Array& MsgpackValue::array() const { return content_as<Array>(content_, "an array"); }

const MsgpackValue::Map& MsgpackValue::map() const { return content_as<Map>(content_, "a map"); }

const MsgpackValue* MsgpackValue::find(std::string_view key) const {
  for (const auto& [candidate, value] : map()) {
    const auto* name = std::get_if<std::string_view>(&candidate.content_);
    const auto* binary_name = std::get_if<Binary>(&candidate.content_);
    if ((name && *name == key) || (binary_name && binary_name->bytes == key)) return &value;
  }
  return nullptr;
}

const MsgpackValue* MsgpackValue::find(std::int64_t key) const {
  for (const auto& [candidate, value] : map()) {
    const auto* number = std::get_if<std::int64_t>(&candidate.content_);
    const auto* wide = std::get_if<std::uint64_t>(&candidate.content_);
    if ((number && *number == key) || (wide && std::cmp_equal(*wide, key))) return &value;
  }
  return nullptr;
}

const MsgpackValue& MsgpackValue::at(std::string_view key) const {
  const MsgpackValue* value = find(key);
  if (value == nullptr) throw MalformedValue(fmt::format("no '{}'", key));
  return *value;
}

MsgpackValue decode_msgpack(std::string_view bytes) { return Decoder(bytes).decode_all(); }

void with_file_context(const std::filesystem::path& path, std::string_view doing,
                       const std::function<void()>& read) {
  try {
    read();
  } catch (const MalformedValue& error) {
    throw InputError(doing, path.string(), error.what());
  } catch (const Json::exception& error) {
    throw InputError(doing, path.string(), error.what());
  }
}

void read_msgpack_file(const std::filesystem::path& path, std::string_view doing,
                       const std::function<void(const MsgpackValue&)>& read) {
  const std::string bytes = read_file(path, doing);
  with_file_context(path, doing, [&] { read(decode_msgpack(bytes)); });
}

}  // namespace conceptune::words
