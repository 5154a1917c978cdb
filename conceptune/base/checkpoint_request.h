// A user's wish that whatever keeps checkpoints writes one now and goes on, e.g. on SIGUSR1.
#pragma once

#include <cstdint>

namespace conceptune {

/// Adds a request. Safe in any thread.
void request_checkpoint();

/// Requests so far; a loop compares with the number that it has answered.
std::int64_t checkpoint_requests();

}  // namespace conceptune
