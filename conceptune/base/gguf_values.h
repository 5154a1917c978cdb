// Metadata of a GGUF file that is to be written: values by key, with what they point into.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/gguf.h"

namespace conceptune {

/// Each set() replaces what the key had. The values live as long as the object.
class GgufValues {
 public:
  GgufValues() = default;
  GgufValues(const GgufValues&) = delete;
  GgufValues& operator=(const GgufValues&) = delete;

  void set(const std::string& key, std::string_view text);
  void set(const std::string& key, const char* text) { set(key, std::string_view(text)); }
  void set(const std::string& key, bool value);
  void set(const std::string& key, float value);
  void set(const std::string& key, std::uint32_t value);
  void set(const std::string& key, const std::vector<std::string>& texts);
  void set(const std::string& key, const std::vector<std::int32_t>& numbers);

  /// A value of another file; what it points into must outlive this.
  void set(const std::string& key, const GgufValue& value) { put(key, value); }

  const std::map<std::string_view, GgufValue>& values() const { return values_; }

 private:
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }
  std::span<const std::byte> keep_bytes(std::string_view bytes) {
    return std::as_bytes(std::span(keep(bytes)));
  }
  void put(const std::string& key, GgufValue value);

  std::deque<std::string> texts_;  // elements stay where they are
  std::map<std::string_view, GgufValue> values_;
};

}  // namespace conceptune
