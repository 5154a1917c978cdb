// Ranks in processes of their own, through Gloo.
#pragma once

#include <memory>

#include "conceptune/training/ranks/rank_settings.h"
#include "conceptune/training/ranks/ranks.h"

namespace conceptune::training {

/// Meets the other ranks at settings.address. Gloo listens at the interface that GLOO_SOCKET_IFNAME names,
/// else at the address of this machine's name (on the loopback when settings.address is there). SIGPIPE
/// is ignored from then on, unless the process handles it. Throws SystemError when the ranks do not meet in
/// time.
std::unique_ptr<Ranks> connect_ranks(const RankSettings& settings);

}  // namespace conceptune::training
