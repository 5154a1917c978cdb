// The readers of servers' replies: a letter that says which, and the reply.
#include <memory>
#include <string_view>

#include "conceptune/servers/answers.h"
#include "conceptune/servers/score_dialect.h"
#include "conceptune/servers/served_model.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {
namespace {

using namespace servers;

/// Tokens and scores of what the seeds' replies were asked: the three best tokens of the last positions.
void read_scores(const ScoreDialect& dialect, const Json& reply) {
  dialect.read_scores(reply, {{5, 6, 7}, {2}}, 3);
  if (dialect.scores_many_positions()) dialect.read_scores(reply, {{5, 6, 7}, {1, 2}}, 3);
}

void read(char which, const Json& reply) {
  switch (which) {
    case 'm':
      read_listing(reply, "", "fuzzed");
      return;
    case 'a':
      read_answer(reply);
      return;
    case 'v':
      return read_scores(*vllm_dialect(), reply);
    case 'V':
      vllm_dialect()->read_tokens(reply);
      return;
    case 'l':
      return read_scores(*llama_cpp_dialect(), reply);
    case 'L':
      llama_cpp_dialect()->read_tokens(reply);
      return;
    case 's':
      return read_scores(*sglang_dialect(), reply);
    case 'S':
      sglang_dialect()->read_tokens(reply);
      return;
    default:
      throw InputError("fuzzing", "first byte", "names no reader");
  }
}

}  // namespace

bool read_server_reply(std::span<const std::byte> bytes) {
  return accepted([bytes] {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    read(text.empty() ? '\0' : text.front(),
         parse_json(text.substr(text.empty() ? 0 : 1), "fuzzing", "fuzzed"));
  });
}

}  // namespace conceptune::fuzz
