// Numbers as a person writes them.
#pragma once

#include <cstdint>
#include <string>

namespace conceptune {

/// With a comma between thousands: "1,234,567".
std::string count_text(std::int64_t count);

/// Bytes in the unit that leaves a number below a thousand, with one decimal below ten: "912 bytes", "98 MB",
/// "2.5 GB". Units are powers of 1000.
std::string bytes_text(std::int64_t bytes);

/// Seconds, at least 0, in the unit that fits: "45 s", "12 min", "3.5 h", "4.2 days".
std::string duration_text(double seconds);

}  // namespace conceptune
