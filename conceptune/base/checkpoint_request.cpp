#include "conceptune/base/checkpoint_request.h"

#include <atomic>

namespace conceptune {
namespace {

std::atomic<std::int64_t> requests = 0;

}  // namespace

void request_checkpoint() { ++requests; }

std::int64_t checkpoint_requests() { return requests; }

}  // namespace conceptune
