// Safetensors bytes from a header and data, true or lying.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace conceptune::weights {

inline std::string safetensors_bytes(std::string_view header, std::string_view data = {}) {
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  return bytes.append(header).append(data);
}

}  // namespace conceptune::weights
