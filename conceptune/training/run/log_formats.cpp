#include "conceptune/training/run/log_formats.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace conceptune::training {
namespace {

constexpr const char* kColumns[] = {"type",
                                    "step",
                                    "epoch",
                                    "loss",
                                    "next_token_loss",
                                    "concept_loss",
                                    "cross_entropy",
                                    "accuracy",
                                    "content_words",
                                    "content_cross_entropy",
                                    "content_accuracy",
                                    "concept_mass",
                                    "above_target_mass",
                                    "word_rank",
                                    "entropy",
                                    "learning_rate",
                                    "gradient_norm",
                                    "tokens"};

bool is_series(const Json& line) {
  const auto type = line.value("type", "");
  return type == "training" || type == "validation";
}

/// CRC-32C (Castagnoli), reflected, as a table of its values for single bytes.
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78U : 0);
    table[byte] = crc;
  }
  return table;
}

/// TFRecord's checksum: CRC-32C, rotated, plus a constant.
std::uint32_t masked_crc(std::string_view bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return std::rotr(~crc, 15) + 0xA282EAD8U;
}

template <class Number>
std::string little_endian(Number number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}

std::string record(std::string_view bytes) {
  const std::string length = little_endian(static_cast<std::uint64_t>(bytes.size()));
  return length + little_endian(masked_crc(length)) + std::string(bytes) + little_endian(masked_crc(bytes));
}

// Fields of protocol buffers: a key, then the value.
std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string field_key(std::uint64_t number, std::uint64_t wire_type) {
  return varint(number * 8 + wire_type);
}

std::string varint_field(std::uint64_t number, std::uint64_t value) {
  return field_key(number, 0) + varint(value);
}

std::string double_field(std::uint64_t number, double value) {
  return field_key(number, 1) + little_endian(std::bit_cast<std::uint64_t>(value));
}

std::string bytes_field(std::uint64_t number, std::string_view bytes) {
  return field_key(number, 2) + varint(bytes.size()) + std::string(bytes);
}

std::string float_field(std::uint64_t number, float value) {
  return field_key(number, 5) + little_endian(std::bit_cast<std::uint32_t>(value));
}

/// Event: 1 wall_time, 2 step, 3 file_version, 5 summary. Summary: 1 value. Value: 1 tag, 2 simple_value.
std::string event_time(std::int64_t step) {
  if (step == 0) return {};  // defaults are left out
  return double_field(1, static_cast<double>(step)) + varint_field(2, static_cast<std::uint64_t>(step));
}

}  // namespace

std::string csv_header() {
  std::string text;
  for (const char* column : kColumns) text.append(text.empty() ? "" : ",").append(column);
  return text + "\n";
}

std::string csv_row(const Json& line) {
  if (!is_series(line)) return {};
  std::string text;
  for (const char* column : kColumns) {
    if (column != kColumns[0]) text += ',';
    if (!line.contains(column)) continue;
    text += plain_text(line[column]);
  }
  return text + "\n";
}

std::string event_file_header() { return record(bytes_field(3, "brain.Event:2")); }

std::string event_record(const Json& line) {
  if (!is_series(line)) return {};
  const std::string series = line.at("type").get<std::string>() + '/';
  std::string summary;
  for (const auto& [name, value] : line.items()) {
    if (!value.is_number() || name == "step") continue;
    summary += bytes_field(1, bytes_field(1, series + name) + float_field(2, value.get<float>()));
  }
  return record(event_time(line.at("step").get<std::int64_t>()) + bytes_field(5, summary));
}

}  // namespace conceptune::training
