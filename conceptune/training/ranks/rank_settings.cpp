#include "conceptune/training/ranks/rank_settings.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "conceptune/base/error.h"

namespace conceptune::training {
namespace {

constexpr std::string_view kDoing = "reading the ranks' environment variables";
constexpr std::int64_t kMostRanks = 65536;

/// The variable's value, or null where it is absent or empty.
const char* find(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? value : nullptr;
}

std::string text_of(const char* name) {
  const char* value = find(name);
  if (!value)
    throw InputError(kDoing, name, "is not set; RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT go together");
  return value;
}

std::int64_t number_of(const char* name, std::int64_t least, std::int64_t most) {
  const std::string text = text_of(name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    throw InputError(kDoing, name,
                     fmt::format("is '{}', expected a whole number from {} to {}", text, least, most));
  return number;
}

}  // namespace

std::optional<RankSettings> rank_settings_from_environment() {
  if (!find("RANK") && !find("WORLD_SIZE")) return std::nullopt;
  RankSettings settings;
  settings.size = number_of("WORLD_SIZE", 1, kMostRanks);
  settings.rank = number_of("RANK", 0, settings.size - 1);
  settings.address = text_of("MASTER_ADDR");
  settings.port = static_cast<std::uint16_t>(number_of("MASTER_PORT", 1, 65535));
  if (find("LOCAL_RANK")) settings.local_rank = number_of("LOCAL_RANK", 0, kMostRanks);
  settings.timeout = rank_timeout();
  return settings;
}

std::chrono::seconds rank_timeout() {
  constexpr const char* kName = "CONCEPTUNE_RANK_TIMEOUT";
  constexpr std::int64_t kDefault = 300;  // rank 0 may write a large checkpoint while the others wait
  return std::chrono::seconds(find(kName) ? number_of(kName, 1, 86400) : kDefault);
}

}  // namespace conceptune::training
