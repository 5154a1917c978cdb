// The prompt source's throughput, beside llama.cpp on the same prompts.
//
// usage: build/bench_prompts [CORPUS] [--model FILE.gguf] [--type TYPE] [--passages N] [--words N]
//                            [--rounds N] [--peer PYTHON]
// Prompts are of real length: a passage of 600 to 1,200 characters, 200 candidates (drawn at random from the
// vocabulary, so that only the rate means anything), 20 new tokens at most; in the paper's order and with the
// passage first. Answers of a passage alone must be those it gets among others (in bfloat16 half of them),
// and the peer must count the same prompt tokens. Wall time of the fastest round; the peer's of its only one.
// New tokens are counted because answers end early. The last line is JSON.
#include <fmt/format.h>

#include <cctype>
#include <functional>
#include <iterator>
#include <numeric>

#include "bench/model_arguments.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/random.h"
#include "conceptune/concepts/candidates.h"
#include "conceptune/concepts/model_answers.h"
#include "conceptune/concepts/prompt_answer.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/tokenizer/chat_template.h"

namespace conceptune {
namespace {

struct Arguments : bench::ModelArguments {
  std::size_t passages = 3, words = 8;
};

/// Words of letters alone, longer than three, each once.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char character : text + " ") {
    if (character != ' ') {
      word += character;
      continue;
    }
    const bool is_word = word.size() > 3 && std::all_of(word.begin(), word.end(),
                                                        [](unsigned char c) { return std::isalpha(c) != 0; });
    if (is_word && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    word.clear();
  }
  return words;
}

/// All tokens that are a space and letters.
concepts::Candidates vocabulary_words(const tokenizer::Tokenizer& tokenizer) {
  concepts::Candidates words;
  for (std::int32_t id = 0; std::cmp_less(id, tokenizer.size()); ++id)
    if (auto text = concepts::word_of_token(tokenizer, id); !text.empty())
      words.push_back({id, std::move(text), 0});
  return words;
}

std::vector<concepts::Draft> make_drafts(const Arguments& arguments, const tokenizer::Tokenizer& tokenizer) {
  constexpr std::size_t kCandidates = 200;
  const auto vocabulary = vocabulary_words(tokenizer);
  Random random(1);
  std::vector<concepts::Draft> drafts;
  for (const auto& text : bench::read_texts(arguments.corpus)) {
    const auto words = words_of(text);
    if (text.size() <= 600 || text.size() >= 1200 || words.size() < arguments.words) continue;
    auto& draft = drafts.emplace_back();
    draft.record.text = text;
    for (std::size_t i = 0; i < arguments.words; ++i) {
      draft.record.words.push_back(
          {0, words[i * words.size() / arguments.words], words::PartOfSpeech::noun, {}});
      auto& candidates = draft.candidates.emplace_back();
      while (candidates.size() < kCandidates)
        candidates.push_back(vocabulary[random.below(vocabulary.size())]);
    }
    if (drafts.size() == arguments.passages) break;
  }
  if (drafts.empty())
    throw InputError("reading passages", arguments.corpus.string(), "none of 600 to 1,200 characters");
  return drafts;
}

/// What the source asks about all words, by passage.
std::vector<std::vector<std::string>> groups_of(const std::vector<concepts::Draft>& drafts,
                                                concepts::PromptOrder order) {
  std::vector<std::vector<std::string>> groups;
  for (const auto& draft : drafts) {
    auto& group = groups.emplace_back();
    for (std::size_t i = 0; i < draft.record.words.size(); ++i)
      group.push_back(concepts::prompt_text(concepts::PromptTemplate(order), draft.record.words[i],
                                            draft.record.text, draft.candidates[i]));
  }
  return groups;
}

std::vector<std::string> prompts_of(const std::vector<concepts::Draft>& drafts, concepts::PromptOrder order) {
  std::vector<std::string> prompts;
  for (auto& group : groups_of(drafts, order))
    prompts.insert(prompts.end(), std::make_move_iterator(group.begin()),
                   std::make_move_iterator(group.end()));
  return prompts;
}

std::size_t tokens_of(const std::vector<std::string>& prompts, const tokenizer::Tokenizer& tokenizer) {
  std::size_t tokens = 0;
  for (const auto& prompt : prompts) {
    const tokenizer::ChatMessage message{"user", prompt};
    tokens += tokenizer.encode_ids(tokenizer::render_chat(tokenizer, {&message, 1}, true), true).size();
  }
  return tokens;
}

using Answers = std::vector<concepts::ModelAnswer>;
using Groups = std::vector<std::vector<std::string>>;  // prompts, by passage

/// In bfloat16 some words' probabilities are so near to each other that rounding decides.
void check_alone(const Arguments& arguments, const concepts::AnswerSource& source, const Groups& groups,
                 const Answers& answers) {
  const auto alone = source.answers(std::span(groups).first(1), {});
  const auto others = std::inner_product(alone.begin(), alone.end(), answers.begin(), std::size_t{0},
                                         std::plus<>(), std::not_equal_to<>());
  if (others > (arguments.decoder.type == model::DataType::float32 ? 0 : alone.size() / 2))
    throw InputError("asking", "passage 1",
                     fmt::format("alone it gets {} of {} answers that it does not get among others", others,
                                 alone.size()));
}

Json peer_report(const Arguments& arguments, const std::vector<concepts::Draft>& drafts,
                 const concepts::PromptOptions& options) {
  Json prompts;
  for (const auto& [name, order] : enum_names<concepts::PromptOrder>)
    prompts[name] = prompts_of(drafts, order);
  const std::filesystem::path input = std::filesystem::temp_directory_path() / "bench_prompts.json";
  const Json given = {{"threads", model::threads()},
                      {"max_new_tokens", options.max_new_tokens},
                      {"repetition_penalty", options.repetition_penalty},
                      {"stop", {"]"}},
                      {"prompts", prompts}};
  write_file_atomically(input, to_json_text(given));
  return bench::run_peer(fmt::format("'{}' bench/peers/llamacpp_prompts.py '{}' '{}'",
                                     arguments.peer.string(), arguments.model.string(), input.string()));
}

/// The rates of one side.
Json rates(double prompts, double prompt_tokens, double new_tokens, double seconds) {
  return {{"prompt_tokens", prompt_tokens},
          {"new_tokens", new_tokens},
          {"prompts_per_s", prompts / seconds},
          {"tokens_per_s", (prompt_tokens + new_tokens) / seconds}};
}

Json measure(const Arguments& arguments, const concepts::AnswerSource& source, const Groups& groups,
             std::size_t prompt_tokens) {
  Answers answers;
  const double seconds = bench::best_seconds(arguments.rounds, [&] { answers = source.answers(groups, {}); });
  check_alone(arguments, source, groups, answers);
  std::int64_t new_tokens = 0;
  for (const auto& answer : answers) new_tokens += answer.tokens;
  return rates(static_cast<double>(answers.size()), static_cast<double>(prompt_tokens),
               static_cast<double>(new_tokens), seconds);
}

void compare(Json& of_order, const Json& theirs, double prompts) {
  const auto tokens = of_order.at("prompt_tokens").get<double>(),
             peer_tokens = theirs.at("prompt_tokens").get<double>();
  if (std::abs(tokens - peer_tokens) > prompts)  // it may add a begin token to each
    throw InputError("comparing with llama.cpp", "prompt tokens",
                     fmt::format("are {}, the peer counts {}", tokens, peer_tokens));
  of_order["peer"] = rates(prompts, peer_tokens, theirs.at("new_tokens"), theirs.at("seconds"));
  for (const auto* what : {"prompts_per_s", "tokens_per_s"})
    of_order[std::string(what) + "_ratio"] =
        of_order.at(what).get<double>() / of_order.at("peer").at(what).get<double>();
}

void run(const Arguments& arguments) {
  const generation::LanguageModel model(arguments.model, arguments.decoder);
  const auto drafts = make_drafts(arguments, *model.tokenizer());
  const auto prompts = static_cast<double>(drafts.size() * arguments.words);
  Json report = {
      {"type", name_of(arguments.decoder.type)}, {"threads", model::threads()}, {"prompts", prompts}};
  concepts::PromptOptions options;
  Json peer;
  if (!arguments.peer.empty()) peer = peer_report(arguments, drafts, options);
  if (!peer.is_null()) report["peer"] = peer.at("name");
  for (const auto& [name, order] : enum_names<concepts::PromptOrder>) {
    options.order = order;
    const concepts::ModelAnswers source(model, options);
    report[name] = measure(arguments, source, groups_of(drafts, order),
                           tokens_of(prompts_of(drafts, order), *model.tokenizer()));
    if (!peer.is_null()) compare(report[name], peer.at(name), prompts);
  }
  fmt::print("{}\n", to_json_text(report));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  conceptune::Arguments arguments;
  CLI::App program{"Prompts for concepts, beside llama.cpp"};
  arguments.add_to(program);
  program.add_option("--passages", arguments.passages, "Passages of the corpus")->capture_default_str();
  program.add_option("--words", arguments.words, "Words of a passage")->capture_default_str();
  return conceptune::bench::run_program(program, argc, argv, [&arguments] { conceptune::run(arguments); });
}
