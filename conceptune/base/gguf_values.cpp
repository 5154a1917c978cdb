#include "conceptune/base/gguf_values.h"

#include <utility>

namespace conceptune {
namespace {

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

void GgufValues::put(const std::string& key, GgufValue value) {
  const auto found = values_.find(key);
  if (found != values_.end())
    found->second = std::move(value);
  else
    values_.emplace(keep(key), std::move(value));
}

void GgufValues::set(const std::string& key, std::string_view text) {
  put(key, {GgufType::string, false, 1, {}, {keep(text)}});
}

void GgufValues::set(const std::string& key, bool value) {
  put(key, {GgufType::boolean, false, 1, keep_bytes(bytes_of(value)), {}});
}

void GgufValues::set(const std::string& key, float value) {
  put(key, {GgufType::f32, false, 1, keep_bytes(bytes_of(value)), {}});
}

void GgufValues::set(const std::string& key, std::uint32_t value) {
  put(key, {GgufType::u32, false, 1, keep_bytes(bytes_of(value)), {}});
}

void GgufValues::set(const std::string& key, const std::vector<std::string>& texts) {
  GgufValue value = {GgufType::string, true, texts.size(), {}, {}};
  value.strings.reserve(texts.size());
  for (const auto& text : texts) value.strings.push_back(keep(text));
  put(key, std::move(value));
}

void GgufValues::set(const std::string& key, const std::vector<std::int32_t>& numbers) {
  const std::string_view bytes(reinterpret_cast<const char*>(numbers.data()),
                               numbers.size() * sizeof(std::int32_t));
  put(key, {GgufType::i32, true, numbers.size(), keep_bytes(bytes), {}});
}

}  // namespace conceptune
