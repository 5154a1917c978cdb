#include "conceptune/servers/score_dialect.h"

namespace conceptune::servers {

std::unique_ptr<const ScoreDialect> score_dialect_of(ServerKind kind) {
  switch (kind) {
    case ServerKind::vllm:
      return vllm_dialect();
    case ServerKind::llama_cpp:
      return llama_cpp_dialect();
    case ServerKind::sglang:
      return sglang_dialect();
    case ServerKind::other:
      break;
  }
  return nullptr;
}

}  // namespace conceptune::servers
