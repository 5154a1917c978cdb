#include "conceptune/base/gguf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune {
namespace {

constexpr std::string_view kDoing = "reading GGUF file";

constexpr std::array kLayouts = std::to_array<GgmlTypeLayout>({
    {0, "F32", 1, 4},         {1, "F16", 1, 2},         {2, "Q4_0", 32, 18},     {3, "Q4_1", 32, 20},
    {6, "Q5_0", 32, 22},      {7, "Q5_1", 32, 24},      {8, "Q8_0", 32, 34},     {10, "Q2_K", 256, 84},
    {11, "Q3_K", 256, 110},   {12, "Q4_K", 256, 144},   {13, "Q5_K", 256, 176},  {14, "Q6_K", 256, 210},
    {15, "Q8_K", 256, 292},   {16, "IQ2_XXS", 256, 66}, {17, "IQ2_XS", 256, 74}, {18, "IQ3_XXS", 256, 98},
    {19, "IQ1_S", 256, 50},   {20, "IQ4_NL", 32, 18},   {21, "IQ3_S", 256, 110}, {22, "IQ2_S", 256, 82},
    {23, "IQ4_XS", 256, 136}, {24, "I8", 1, 1},         {25, "I16", 1, 2},       {26, "I32", 1, 4},
    {27, "I64", 1, 8},        {28, "F64", 1, 8},        {29, "IQ1_M", 256, 56},  {30, "BF16", 1, 2},
    {34, "TQ1_0", 256, 54},   {35, "TQ2_0", 256, 66},   {39, "MXFP4", 32, 17},
});

template <class T>
T load_number(const std::byte* data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

/// Calls `use` with element `i` in its own C++ type; false for strings.
template <class Use>
bool visit_number(const GgufValue& value, std::uint64_t i, Use&& use) {
  const std::byte* data = value.bytes.data() + i * size_of(value.type);
  switch (value.type) {
    case GgufType::u8:
      use(load_number<std::uint8_t>(data));
      return true;
    case GgufType::i8:
      use(load_number<std::int8_t>(data));
      return true;
    case GgufType::u16:
      use(load_number<std::uint16_t>(data));
      return true;
    case GgufType::i16:
      use(load_number<std::int16_t>(data));
      return true;
    case GgufType::u32:
      use(load_number<std::uint32_t>(data));
      return true;
    case GgufType::i32:
      use(load_number<std::int32_t>(data));
      return true;
    case GgufType::u64:
      use(load_number<std::uint64_t>(data));
      return true;
    case GgufType::i64:
      use(load_number<std::int64_t>(data));
      return true;
    case GgufType::f32:
      use(load_number<float>(data));
      return true;
    case GgufType::f64:
      use(load_number<double>(data));
      return true;
    case GgufType::boolean:
      use(load_number<std::uint8_t>(data) != 0);
      return true;
    default:
      return false;
  }
}

/// The element as an integer, or nothing when it is none or does not fit.
std::optional<std::int64_t> integer_at(const GgufValue& value, std::uint64_t i) {
  std::optional<std::int64_t> result;
  visit_number(value, i, [&](auto number) {
    if constexpr (std::is_integral_v<decltype(number)> && !std::is_same_v<decltype(number), bool>)
      if (std::in_range<std::int64_t>(number)) result = static_cast<std::int64_t>(number);
  });
  return result;
}

/// The element as a double, or nothing when it is no number.
std::optional<double> number_at(const GgufValue& value, std::uint64_t i) {
  std::optional<double> result;
  visit_number(value, i, [&](auto number) {
    if constexpr (!std::is_same_v<decltype(number), bool>) result = static_cast<double>(number);
  });
  return result;
}

std::string element_text(const GgufValue& value, std::uint64_t i) {
  if (value.type == GgufType::string) return std::string(value.strings[i]);
  std::string text;
  visit_number(value, i, [&](auto number) { text = fmt::format("{}", number); });
  return text;
}

}  // namespace

std::uint64_t size_of(GgufType type) {
  switch (type) {
    case GgufType::u8:
    case GgufType::i8:
    case GgufType::boolean:
      return 1;
    case GgufType::u16:
    case GgufType::i16:
      return 2;
    case GgufType::u32:
    case GgufType::i32:
    case GgufType::f32:
      return 4;
    case GgufType::u64:
    case GgufType::i64:
    case GgufType::f64:
      return 8;
    default:
      return 0;
  }
}

const GgmlTypeLayout* ggml_type_layout(std::uint32_t id) {
  const auto found = std::ranges::find(kLayouts, id, &GgmlTypeLayout::id);
  return found == kLayouts.end() ? nullptr : &*found;
}

std::string GgufValue::text() const {
  if (!is_array) return element_text(*this, 0);
  constexpr std::uint64_t kShown = 4;
  std::string text = "[";
  for (std::uint64_t i = 0; i < std::min(count, kShown); ++i)
    text += (i ? ", " : "") + element_text(*this, i);
  return text + (count > kShown ? fmt::format(", … {} in all]", count) : "]");
}

const GgufValue* GgufFile::find(std::string_view key, bool is_array) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) return nullptr;
  if (found->second.is_array != is_array) wrong_type(key, is_array ? "an array" : "a single value");
  return &found->second;
}

void GgufFile::wrong_type(std::string_view key, std::string_view expected) const {
  throw InputError(kDoing, name_, fmt::format("'{}' is not {}", key, expected));
}

std::optional<std::int64_t> GgufFile::integer(std::string_view key) const {
  const auto* value = find(key, false);
  if (!value) return std::nullopt;
  const auto result = integer_at(*value, 0);
  if (!result) wrong_type(key, "an integer");
  return result;
}

std::optional<double> GgufFile::number(std::string_view key) const {
  const auto* value = find(key, false);
  if (!value) return std::nullopt;
  const auto result = number_at(*value, 0);
  if (!result) wrong_type(key, "a number");
  return result;
}

std::optional<bool> GgufFile::boolean(std::string_view key) const {
  const auto* value = find(key, false);
  if (!value) return std::nullopt;
  if (value->type != GgufType::boolean) wrong_type(key, "true or false");
  return value->bytes[0] != std::byte{0};
}

std::optional<std::string_view> GgufFile::string(std::string_view key) const {
  const auto* value = find(key, false);
  if (!value) return std::nullopt;
  if (value->type != GgufType::string) wrong_type(key, "a string");
  return value->strings[0];
}

const std::vector<std::string_view>* GgufFile::strings(std::string_view key) const {
  const auto* value = find(key, true);
  if (!value) return nullptr;
  if (value->type != GgufType::string) wrong_type(key, "an array of strings");
  return &value->strings;
}

std::optional<std::vector<std::int64_t>> GgufFile::integers(std::string_view key) const {
  const auto* value = find(key, true);
  if (!value) return std::nullopt;
  std::vector<std::int64_t> result(value->count);
  for (std::uint64_t i = 0; i < value->count; ++i) {
    const auto element = integer_at(*value, i);
    if (!element) wrong_type(key, "an array of integers");
    result[i] = *element;
  }
  return result;
}

std::optional<std::vector<double>> GgufFile::numbers(std::string_view key) const {
  const auto* value = find(key, true);
  if (!value) return std::nullopt;
  std::vector<double> result(value->count);
  for (std::uint64_t i = 0; i < value->count; ++i) {
    const auto element = number_at(*value, i);
    if (!element) wrong_type(key, "an array of numbers");
    result[i] = *element;
  }
  return result;
}

}  // namespace conceptune
