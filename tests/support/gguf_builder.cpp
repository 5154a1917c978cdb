#include "tests/support/gguf_builder.h"

namespace conceptune::test {
namespace {

template <class T>
std::string bytes_of(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string sized(std::string_view text) { return bytes_of<std::uint64_t>(text.size()).append(text); }

void pad(std::string& bytes) { bytes.resize((bytes.size() + 31) / 32 * 32); }

}  // namespace

GgufBuilder& GgufBuilder::entry(std::string_view key, std::uint32_t type, std::string_view value) {
  entries_.append(sized(key)).append(bytes_of(type)).append(value);
  ++entry_count_;
  return *this;
}

GgufBuilder& GgufBuilder::string(std::string_view key, std::string_view value) {
  return entry(key, 8, sized(value));
}
GgufBuilder& GgufBuilder::integer(std::string_view key, std::uint32_t value) {
  return entry(key, 4, bytes_of(value));
}
GgufBuilder& GgufBuilder::number(std::string_view key, float value) { return entry(key, 6, bytes_of(value)); }

GgufBuilder& GgufBuilder::tensor(std::string_view name, const std::vector<std::int64_t>& shape,
                                 std::uint32_t type, std::string_view bytes) {
  tensors_.append(sized(name)).append(bytes_of(static_cast<std::uint32_t>(shape.size())));
  for (auto size = shape.rbegin(); size != shape.rend(); ++size) tensors_.append(bytes_of(*size));
  tensors_.append(bytes_of(type)).append(bytes_of<std::uint64_t>(data_.size()));
  data_.append(bytes);
  pad(data_);
  ++tensor_count_;
  return *this;
}

GgufBuilder& GgufBuilder::floats(std::string_view name, const std::vector<std::int64_t>& shape,
                                 const std::vector<float>& values) {
  return tensor(name, shape, 0,
                {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
}

std::string GgufBuilder::content() const {
  std::string bytes = "GGUF";
  bytes.append(bytes_of<std::uint32_t>(3)).append(bytes_of(tensor_count_)).append(bytes_of(entry_count_));
  bytes.append(entries_).append(tensors_);
  pad(bytes);
  return bytes.append(data_);
}

}  // namespace conceptune::test
