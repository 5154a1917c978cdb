// The variables by which torchrun, Slurm scripts and `conceptune train --launch` tell a process its rank.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace conceptune::training {

struct RankSettings {
  std::int64_t rank = 0;  // 0 ≤ rank < size
  std::int64_t size = 1;
  std::string address;  // where rank 0 listens
  std::uint16_t port = 0;
  std::int64_t local_rank = 0;  // number among the ranks of this machine
  std::chrono::seconds timeout;
};

/// Reads RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, LOCAL_RANK (0 when absent) and CONCEPTUNE_RANK_TIMEOUT
/// (see rank_timeout()); nothing when neither RANK nor WORLD_SIZE is set. Throws InputError that names the
/// variable which is missing or wrong.
std::optional<RankSettings> rank_settings_from_environment();

/// How long a rank waits for the others before it takes them for lost: CONCEPTUNE_RANK_TIMEOUT in seconds, or
/// 300. Throws InputError for anything but a whole number from 1 to 86400.
std::chrono::seconds rank_timeout();

}  // namespace conceptune::training
