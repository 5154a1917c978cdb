// Training throughput and memory on real passages, beside the rate of the same matrix products alone in the
// same process and, with --peer, beside transformers and peft on the same batches.
//
// usage: build/bench_train [--model M] [--corpus C] [--steps N] [--batch B] [--max-length L | --length L]
//        [--rank R] [--peer PYTHON [--peer-type T]] [--json]    (--help tells all)
// Passages are the corpus's, cut to L tokens, or its texts end to end in passages of exactly L; 28 % of the
// tokens, drawn at random, are content words with four random synonyms each: the work is that of training.
// With a peer its loss of the first step must be ours, then its steps and ours alternate. The last line is
// JSON: tokens_per_s (no padding exists to be counted), peak_rss_mb, share_of_gemm (matrix products' FLOP per
// second over their rate alone; the median of steps, each beside the products of its batch) and, with a peer,
// ratio (median over steps) and memory_ratio.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "bench/bench_program.h"
#include "bench/peer_process.h"
#include "conceptune/base/error.h"
#include "conceptune/base/memory.h"
#include "conceptune/base/random.h"
#include "conceptune/corpus/corpus.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/workload.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "conceptune/training/models/activation_budget.h"
#include "conceptune/training/models/lora_trainable.h"
#include "conceptune/training/models/passes.h"
#include "conceptune/training/optimizer/adamw.h"
#include "conceptune/training/run/profile_table.h"

namespace conceptune {
namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::filesystem::path model = "inputs/SmolLM2-135M-Instruct.Q4_1.gguf",
                        corpus = "inputs/lee_background.cor";
  std::string peer, peer_type = "float32";
  model::DecoderOptions decoder;
  std::int64_t steps = 6, batch = 2;
  std::int64_t length = 0;  // tokens of every passage; 0: as the corpus has them
  bool json = false, profile = false;
  training::TrainingOptions options;
};

/// The corpus's texts as tokens, each cut to the longest allowed; or one after the other, cut into passages
/// of one length.
std::vector<std::vector<std::int32_t>> token_lists(const Arguments& arguments,
                                                   const tokenizer::Tokenizer& tokenizer) {
  const std::int64_t wanted = (arguments.steps + 1) * arguments.batch;
  constexpr std::int64_t kFewTokensOfAText = 64;
  corpus::CorpusOptions options;
  options.files = {arguments.corpus};
  options.passages = std::max(wanted, wanted * arguments.length / kFewTokensOfAText);
  options.held_out = 0;
  std::vector<std::vector<std::int32_t>> lists;
  std::vector<std::int32_t> stream;
  for (const auto& passage : corpus::sample_corpus(options).train) {
    auto tokens = tokenizer.encode_ids(passage.text);
    if (arguments.length == 0) {
      tokens.resize(std::min<std::size_t>(tokens.size(), arguments.options.batch.max_length));
      lists.push_back(std::move(tokens));
      continue;
    }
    stream.insert(stream.end(), tokens.begin(), tokens.end());
    for (; std::cmp_greater_equal(stream.size(), arguments.length);
         stream.erase(stream.begin(), stream.begin() + arguments.length))
      lists.emplace_back(stream.begin(), stream.begin() + arguments.length);
  }
  if (std::cmp_less(lists.size(), wanted))
    throw InputError("benchmark", arguments.corpus.string(),
                     fmt::format("gives {} passages, expected {}", lists.size(), wanted));
  lists.resize(wanted);
  return lists;
}

std::vector<training::TrainingPassage> make_passages(const Arguments& arguments,
                                                     const tokenizer::Tokenizer& tokenizer) {
  Random random(0);
  std::vector<training::TrainingPassage> passages;
  for (auto& tokens : token_lists(arguments, tokenizer)) {
    training::TrainingPassage made{std::move(tokens), {}};
    for (std::size_t i = 1; i < made.tokens.size(); ++i) {
      if (random.uniform() >= 0.28) continue;
      std::vector<training::ConceptToken> set = {{made.tokens[i]}};
      for (int k = 0; k < 4; ++k) set.push_back({static_cast<std::int32_t>(random.below(tokenizer.size()))});
      made.words.push_back({static_cast<std::int32_t>(i), std::move(set)});
    }
    passages.push_back(std::move(made));
  }
  return passages;
}

/// A batch as the peer takes it.
Json batch_for_peer(std::span<const training::TrainingPassage> passages, const training::Batch& batch) {
  Json line = {{"passages", Json::array()}, {"words", Json::array()}};
  for (std::size_t row = 0; row < batch.size(); ++row) {
    const auto& passage = passages[batch[row]];
    line["passages"].push_back(passage.tokens);
    for (const auto& word : passage.words) {
      Json ids = Json::array();
      for (const auto& token : word.tokens) ids.push_back(token.id);
      line["words"].push_back({row, word.position, std::move(ids)});
    }
  }
  return line;
}

struct Step {
  double seconds = 0, loss = 0;
  std::int64_t tokens = 0;
};

/// Updates of one adapter, as the trainer makes them.
class Updates {
 public:
  Updates(const model::Decoder& decoder, const Arguments& arguments,
          const std::vector<training::TrainingPassage>& passages)
      : arguments_(arguments),
        passages_(passages),
        model_(decoder, std::make_shared<model::LoraAdapter>(decoder.config(), arguments.options.lora, 1),
               "benchmark", training::activation_budget(decoder, arguments.options.memory)) {
    std::vector<model::Matrix> parameters;
    for (const auto& parameter : model_.parameters()) parameters.push_back(parameter.matrix);
    gradient_.resize(static_cast<std::size_t>(training::count_values(parameters)));
    optimizer_.emplace(std::move(parameters));
  }

  training::Batch batch(std::int64_t step) const {
    training::Batch batch;
    for (std::int64_t i = 0; i < arguments_.batch; ++i)
      batch.push_back(static_cast<std::size_t>(step * arguments_.batch + i));
    return batch;
  }

  Step run(std::int64_t step) {
    const auto begin = Clock::now();
    std::fill(gradient_.begin(), gradient_.end(), 0.0F);
    const auto& options = arguments_.options;
    const auto totals = training::accumulate_gradients(model_, passages_, {batch(step)}, options.objective,
                                                       {0, step}, gradient_);
    training::clip_gradient(gradient_, training::gradient_norm(gradient_), options.optimizer.clip_norm);
    optimizer_->step(gradient_, options.optimizer.learning_rate, options.optimizer);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return {seconds, training::loss_of(totals.sums, totals.denominators, options.objective), totals.tokens};
  }

 private:
  const Arguments& arguments_;
  const std::vector<training::TrainingPassage>& passages_;
  training::LoraTrainable model_;
  std::vector<float> gradient_;
  std::optional<training::AdamW> optimizer_;
};

double peak_rss_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Our steps, and the peer's in turn with them; the first of each warms up and is compared.
class Measurement {
 public:
  Measurement(const Arguments& arguments, Updates& updates,
              const std::vector<training::TrainingPassage>& passages)
      : arguments_(arguments), updates_(updates), passages_(passages) {
    if (arguments.peer.empty()) return;
    const auto& options = arguments.options;
    peer_.emplace(std::vector<std::string>{arguments.peer, "bench/peers/hf_peft_train.py",
                                           arguments.model.string(), "--type", arguments.peer_type, "--rank",
                                           std::to_string(options.lora.rank), "--concept-weight",
                                           fmt::format("{}", options.objective.concept_weight)});
  }

  Json measure() {
    for (std::int64_t step = 0; step <= arguments_.steps; ++step) take(step);
    Json report = {{"tokens", tokens_},
                   {"seconds", seconds_},
                   {"tokens_per_s", static_cast<double>(tokens_) / seconds_},
                   {"peak_rss_mb", std::llround(peak_rss_mb())},
                   {"longest_step_tokens", longest_},
                   {"loss", loss_}};
    if (!peer_) return report;
    const Json last = peer_->finish();
    report["peer"] = last.at("name");
    report["peer_type"] = arguments_.peer_type;
    report["peer_tokens_per_s"] = static_cast<double>(tokens_) / peer_seconds_;
    report["peer_peak_rss_mb"] = last.at("peak_rss_mb");
    report["ratio"] = bench::median(ratios_);
    report["memory_ratio"] = peak_rss_mb() / last.at("peak_rss_mb").get<double>();
    return report;
  }

 private:
  void take(std::int64_t step) {
    const bool peer_first = step % 2 == 1;
    Step theirs;
    if (peer_ && peer_first) theirs = take_peers(step);
    const Step ours = updates_.run(step);
    if (peer_ && !peer_first) theirs = take_peers(step);
    if (!std::isfinite(ours.loss)) throw Error("benchmark: the loss is not finite");
    longest_ = std::max(longest_, ours.tokens);
    if (step == 0) return compare(ours, theirs);
    seconds_ += ours.seconds;
    tokens_ += ours.tokens;
    loss_ = ours.loss;
    peer_seconds_ += theirs.seconds;
    ratios_.push_back(theirs.seconds / ours.seconds);
  }

  Step take_peers(std::int64_t step) {
    const Json answer = peer_->ask(batch_for_peer(passages_, updates_.batch(step)));
    return {answer.at("seconds"), answer.at("loss"), 0};
  }

  /// Before the first update both train the base model: the losses are the same up to rounding.
  void compare(const Step& ours, const Step& theirs) const {
    if (!peer_) return;
    const bool exact =
        arguments_.decoder.type == model::DataType::float32 && arguments_.peer_type == "float32";
    if (std::abs(ours.loss - theirs.loss) > (exact ? 1e-3 : 3e-2) * std::abs(theirs.loss))
      throw Error(fmt::format("benchmark: the first loss is {}, the peer's {}", ours.loss, theirs.loss));
  }

  const Arguments& arguments_;
  Updates& updates_;
  const std::vector<training::TrainingPassage>& passages_;
  std::optional<bench::PeerProcess> peer_;
  double seconds_ = 0, peer_seconds_ = 0, loss_ = 0;
  std::int64_t tokens_ = 0, longest_ = 0;
  std::vector<double> ratios_;
};

/// Steps beside the products of the same number of tokens, after peak memory was read.
void add_share_of_gemm(const Arguments& arguments, const model::Decoder& decoder, Updates& updates,
                       Json& report) {
  constexpr std::int64_t kMostSteps = 4;
  std::vector<double> rates, shares;
  const weights::ModelConfig& config = decoder.config();
  for (std::int64_t step = 1; step <= std::min(arguments.steps, kMostSteps); ++step) {
    const Step ours = updates.run(step);
    rates.push_back(model::product_rate(config, ours.tokens, decoder.products()));
    const double flop = model::training_flop_per_token(config) * static_cast<double>(ours.tokens);
    shares.push_back(flop / ours.seconds / rates.back());
  }
  report["share_of_gemm"] = bench::median(shares);
  report["gemm_gflop_per_s"] = bench::median(rates) / 1e9;
}

void print_profile(Updates& updates, double product_rate) {
  kernels::start_profile();
  const double seconds = updates.run(1).seconds;
  fmt::print("{}",
             training::profile_table(kernels::stop_profile(), {seconds, model::threads(), product_rate}));
}

void run(const Arguments& arguments) {
  const auto tokenizer = tokenizer::Tokenizer::load(arguments.model);
  const auto passages = make_passages(arguments, *tokenizer);
  const model::Decoder decoder(weights::WeightStore::open(arguments.model),
                               model::for_training(arguments.decoder));
  Updates updates(decoder, arguments, passages);
  const double before_mb = static_cast<double>(resident_memory()) / (1 << 20);
  Json report = Measurement(arguments, updates, passages).measure();
  report["stated_activation_kb_per_token"] =
      model::activation_bytes_per_token(decoder.config(), decoder.products(),
                                        arguments.options.memory.recompute == training::Recompute::on) /
      1024;
  report["measured_growth_kb_per_token"] =
      std::llround((peak_rss_mb() - before_mb) * 1024 / report.at("longest_step_tokens").get<double>());
  add_share_of_gemm(arguments, decoder, updates, report);
  if (arguments.profile) print_profile(updates, 1e9 * report.at("gemm_gflop_per_s").get<double>());
  if (!arguments.json)
    fmt::print("{} tokens in {:.2f} s; products alone reach {:.1f} GFLOP/s on these shapes\n",
               report.at("tokens").get<std::int64_t>(), report.at("seconds").get<double>(),
               report.at("gemm_gflop_per_s").get<double>());
  fmt::print("{}\n", to_json_text(report));
}

}  // namespace
}  // namespace conceptune

int main(int argc, char** argv) {
  using conceptune::bench::named_values;
  conceptune::Arguments arguments;
  auto& options = arguments.options;
  CLI::App app{"Training throughput on real passages"};
  app.add_option("--model", arguments.model, "GGUF file or model folder")->capture_default_str();
  app.add_option("--corpus", arguments.corpus, "Text to train on")->capture_default_str();
  app.add_option("--steps", arguments.steps, "Updates timed")->check(CLI::PositiveNumber);
  app.add_option("--batch", arguments.batch, "Passages of an update")->check(CLI::PositiveNumber);
  app.add_option("--max-length", options.batch.max_length, "Tokens of a passage")
      ->check(CLI::Range(2, 1 << 20));
  app.add_option("--length", arguments.length,
                 "Tokens of every passage, made of the corpus's texts end to end; 0: its own passages")
      ->check(CLI::Range(0, 1 << 20));
  app.add_option("--rank", options.lora.rank, "Rank of the adapter");
  app.add_option("--concept-weight", options.objective.concept_weight, "λ")->check(CLI::Range(0.0, 1.0));
  app.add_option("--type", arguments.decoder.type, "Number type of matrix products")
      ->transform(named_values<conceptune::model::DataType>());
  app.add_option("--weights", arguments.decoder.memory, "How weights are held")
      ->transform(named_values<conceptune::model::WeightMemory>());
  app.add_option("--memory", options.memory.bytes, "Bytes that the process may fill; 0: what is available");
  app.add_option("--recompute", options.memory.recompute, "Compute activations again in the backward pass")
      ->transform(named_values<conceptune::training::Recompute>());
  app.add_option("--peer", arguments.peer, "Python with transformers and peft, to compare with");
  app.add_option("--peer-type", arguments.peer_type, "The peer's number type")
      ->check(CLI::IsMember({"float32", "bfloat16"}));
  app.add_flag("--profile", arguments.profile, "Print where the time of a step goes");
  app.add_flag("--json", arguments.json, "Print the JSON line alone");
  return conceptune::bench::run_program(app, argc, argv, [&] { conceptune::run(arguments); });
}
