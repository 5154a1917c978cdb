// MessagePack (msgpack.org's specification), as spaCy's model files use it: no extension types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace conceptune::words {

/// What is wrong with a value, without the file's name; read_msgpack_file() adds it.
class MalformedValue : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One decoded value. Strings and binaries point into the bytes that were decoded, which must outlive it.
/// The accessors throw MalformedValue when the value is of another kind.
class MsgpackValue {
 public:
  struct Binary {
    std::string_view bytes;
  };
  using Array = std::vector<MsgpackValue>;
  using Map = std::vector<std::pair<MsgpackValue, MsgpackValue>>;
  using Content = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string_view,
                               Binary, Array, Map>;

  explicit MsgpackValue(Content content) : content_(std::move(content)) {}

  bool is_nil() const { return std::holds_alternative<std::monostate>(content_); }
  bool is_boolean() const { return std::holds_alternative<bool>(content_); }
  bool is_text() const { return std::holds_alternative<std::string_view>(content_); }
  bool is_map() const { return std::holds_alternative<Map>(content_); }

  bool boolean() const;
  std::int64_t integer() const;
  std::uint64_t unsigned_integer() const;  // refuses negative values
  std::string_view text() const;           // valid UTF-8
  std::string_view binary() const;
  const Array& array() const;
  const Map& map() const;

  /// Value of a map's string key (or of a binary key with these bytes); null when the key is absent.
  const MsgpackValue* find(std::string_view key) const;
  /// Value of an integer key; null when absent.
  const MsgpackValue* find(std::int64_t key) const;
  /// Value of a key that must be there.
  const MsgpackValue& at(std::string_view key) const;

 private:
  Content content_;
};

/// Decodes one value that fills all of `bytes`. Throws MalformedValue with the byte at fault: truncated,
/// bytes left over, extension types, strings that are no UTF-8, nesting above 32 levels, more than 4 million
/// values.
MsgpackValue decode_msgpack(std::string_view bytes);

/// Runs `read`, which may throw MalformedValue or a nlohmann::json exception, and turns these into an
/// InputError that begins with `doing` and the path.
void with_file_context(const std::filesystem::path& path, std::string_view doing,
                       const std::function<void()>& read);

/// Reads and decodes a file, and hands the value to `read` in with_file_context().
void read_msgpack_file(const std::filesystem::path& path, std::string_view doing,
                       const std::function<void(const MsgpackValue&)>& read);

}  // namespace conceptune::words
