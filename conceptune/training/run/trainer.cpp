#include "conceptune/training/run/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/base/messages.h"
#include "conceptune/training/batches/epoch_plan.h"
#include "conceptune/training/optimizer/adamw.h"
#include "conceptune/training/optimizer/schedule.h"
#include "conceptune/training/run/best_parameters.h"
#include "conceptune/training/run/checkpoint_timer.h"
#include "conceptune/training/run/model_card.h"
#include "conceptune/training/run/run_folder.h"
#include "conceptune/training/run/training_log.h"
#include "conceptune/training/run/training_state.h"

namespace conceptune::training {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<model::Matrix> matrices_of(const std::vector<weights::NamedMatrix>& parameters) {
  std::vector<model::Matrix> matrices;
  matrices.reserve(parameters.size());
  for (const auto& parameter : parameters) matrices.push_back(parameter.matrix);
  return matrices;
}

/// Updates in a quarter of an epoch, rounded up, whatever the limit of updates; the mean of the first epochs.
std::int64_t quarter_of_epoch(const TrainingData& data, const TrainingOptions& options) {
  const std::int64_t epochs = std::min<std::int64_t>(options.epochs, 100);
  const std::int64_t updates = count_updates(lengths_of(data.training), options.batch,
                                             static_cast<std::uint64_t>(options.seed), epochs);
  return (updates + 4 * epochs - 1) / (4 * epochs);
}

class Run {
 public:
  /// `folder` is null on all ranks but the first.
  Run(const Trainable& model, const TrainingData& data, const TrainingOptions& options,
      const RunFolder* folder, Ranks& ranks)
      : model_(model),
        data_(data),
        options_(options),
        folder_(folder),
        ranks_(ranks),
        plan_(lengths_of(data.training), options.batch, static_cast<std::uint64_t>(options.seed)),
        total_steps_(count_steps(data.training, options)),
        parameters_(matrices_of(model.parameters())),
        gradient_(static_cast<std::size_t>(count_values(parameters_))),
        optimizer_(parameters_) {
    evaluate_every_ = options.evaluate_every > 0 ? options.evaluate_every : quarter_of_epoch(data, options);
    if (folder_)
      if (const auto checkpoint = folder_->newest_checkpoint()) restore(*checkpoint);
    share_state(ranks_, state_, parameters_, optimizer_);
    earlier_seconds_ = state_.seconds;
    checkpoint_timer_.emplace(options.checkpoint, state_.step);
    if (folder_) log_.emplace(folder_->log_path(), state_.log_bytes, options.log);
    if (log_ && state_.log_bytes == 0) log_data();
  }

  TrainingResult execute(ProgressObserver* observer, const std::stop_token& stop);

 private:
  void restore(const Checkpoint& checkpoint);
  void make_updates(ProgressObserver* observer, const std::stop_token& stop);
  bool done() const { return state_.step >= total_steps_ || state_.stopped_early; }
  bool evaluation_is_due() const;
  bool checkpoint_is_due() const { return folder_ && checkpoint_timer_->is_due(state_.step); }
  void update();
  double checked_norm(const PassTotals& totals) const;
  void log_data();
  void log_update(double learning_rate, double norm);
  void evaluate(const std::stop_token& stop);
  void write_checkpoint();
  void checkpoint();
  void try_to_save();
  void finish();
  double seconds_now() const;

  const Trainable& model_;
  const TrainingData& data_;
  const TrainingOptions& options_;
  const RunFolder* folder_;
  Ranks& ranks_;
  UpdatePlan plan_;
  std::int64_t total_steps_;
  std::int64_t evaluate_every_;
  std::vector<model::Matrix> parameters_;
  std::vector<float> gradient_;  // of all parameters, one after the other
  AdamW optimizer_;
  BestParameters best_;
  TrainingState state_;
  std::optional<TrainingLog> log_;  // none on ranks but the first
  double last_loss_ = 0;

  std::optional<CheckpointTimer> checkpoint_timer_;  // from the step begun at
  Clock::time_point session_begin_ = Clock::now();
  double earlier_seconds_ = 0;
};

void Run::restore(const Checkpoint& checkpoint) {
  state_ = state_from_json(checkpoint.state.at("training"), "state.json");
  restore_tensors(checkpoint, model_.parameters(), optimizer_, state_.step);
  inform(fmt::format("training goes on after step {} of {}", state_.step, total_steps_));
}

TrainingResult Run::execute(ProgressObserver* observer, const std::stop_token& stop) {
  try {
    make_updates(observer, stop);
    check_equal_state(ranks_, parameters_, optimizer_);
  } catch (const LostRank& error) {
    try_to_save();
    throw LostRank(
        fmt::format("{}; training ended after step {} of {}; the same command goes on from the newest "
                    "checkpoint",
                    error.what(), state_.step, total_steps_));
  }
  if (!folder_) return {};
  finish();
  return folder_->result();
}

void Run::make_updates(ProgressObserver* observer, const std::stop_token& stop) {
  Progress progress(observer, "training", total_steps_, "steps");
  progress.skip(state_.step);
  try {
    for (;;) {
      if (evaluation_is_due()) evaluate(stop);
      if (done()) break;
      const auto wanted = any(ranks_, {stop.stop_requested(), checkpoint_is_due()});
      if (wanted[0]) throw Interrupted("stopped");
      if (wanted[1]) checkpoint();
      update();
      progress.add(1, fmt::format("loss {:.3f}", last_loss_));
    }
  } catch (const Interrupted&) {
    checkpoint();
    throw Interrupted(fmt::format("training stopped after step {} of {}; the same command goes on from there",
                                  state_.step, total_steps_));
  }
}

bool Run::evaluation_is_due() const {
  if (data_.validation.empty() || state_.step == state_.evaluated_step) return false;
  return state_.step % evaluate_every_ == 0 || state_.step >= total_steps_;
}

void Run::update() {
  std::fill(gradient_.begin(), gradient_.end(), 0.0F);
  const UpdateBatches& batches = plan_.at(state_.step);
  const UpdateChances chances{static_cast<std::uint64_t>(options_.seed), state_.step, plan_.epoch()};
  const PassTotals own = accumulate_gradients(model_, data_.training, batches, options_.objective, chances,
                                              gradient_, ranks_.share());
  if (options_.exchange == model::DataType::bfloat16)
    ranks_.sum_rounded(gradient_);
  else
    ranks_.sum(gradient_);
  const PassTotals totals = sum_totals(ranks_, own);
  const double norm = checked_norm(totals);
  clip_gradient(gradient_, norm, options_.optimizer.clip_norm);
  const double learning_rate = learning_rate_at(state_.step, total_steps_, options_.optimizer);
  optimizer_.step(gradient_, learning_rate, options_.optimizer);
  state_.step += 1;
  state_.epoch = plan_.epoch();
  state_.tokens += totals.tokens;
  state_.unlogged += totals;
  last_loss_ = loss_of(totals.sums, totals.denominators, options_.objective);
  log_update(learning_rate, norm);
}

double Run::checked_norm(const PassTotals& totals) const {
  const double loss = loss_of(totals.sums, totals.denominators, options_.objective);
  const double norm = gradient_norm(gradient_);
  const auto fail = [&](std::string_view problem) {
    throw Error(fmt::format("training: step {}: {}; nothing was updated, the checkpoints before it remain",
                            state_.step + 1, problem));
  };
  // What is not a number may have a sign, which says nothing.
  if (!std::isfinite(loss)) fail(fmt::format("the loss is {}", std::abs(loss)));
  if (!std::isfinite(norm)) fail(fmt::format("the gradient's norm is {}", norm));
  if (norm == 0 && loss > 0)
    fail(fmt::format("the gradient is 0 at a loss of {:.4g}: no parameter is reached", loss));
  return norm;
}

void Run::log_data() {
  log_->add({{"type", "data"},
             {"training", describe_passages(data_.training)},
             {"validation", describe_passages(data_.validation)}});
}

void Run::log_update(double learning_rate, double norm) {
  if (state_.step % options_.log_every != 0 && state_.step < total_steps_) return;
  Json line = {{"type", "training"}, {"step", state_.step}, {"epoch", state_.epoch}};
  line.update(means_of(state_.unlogged, options_.objective));
  line.update({{"learning_rate", learning_rate}, {"gradient_norm", norm}, {"tokens", state_.tokens}});
  if (log_) log_->add(line);
  state_.unlogged = {};
}

void Run::evaluate(const std::stop_token& stop) {
  PassTotals totals;
  bool stopped = false;
  try {
    totals = evaluate_passages(model_, data_.validation, options_.objective, stop, ranks_.share());
  } catch (const Interrupted&) {
    stopped = true;
  }
  if (any(ranks_, {stopped}).front()) throw Interrupted("stopped");
  totals = sum_totals(ranks_, totals);
  const double loss = loss_of(totals.sums, totals.denominators, options_.objective);
  Json line = {{"type", "validation"}, {"step", state_.step}, {"epoch", state_.epoch}};
  line.update(means_of(totals, options_.objective));
  if (log_) log_->add(line);
  if (log_ && !data_.prompts.texts.empty())
    log_->add({{"type", "predictions"},
               {"step", state_.step},
               {"prompts", predict_next_tokens(model_, data_.prompts, options_.log.prompt_tokens)}});
  const bool is_best = state_.record_evaluation(loss, options_.patience, options_.threshold);
  if (is_best && folder_)
    best_.keep(parameters_, describe_training(fmt::format("Best of the run: step {}, validation loss {:.4f}.",
                                                          state_.best_step, state_.best_loss),
                                              options_, data_));
  checkpoint();
}

void Run::write_checkpoint() {
  best_.save(model_, parameters_, folder_->best_path());
  log_->sync();
  state_.log_bytes = log_->bytes();
  state_.seconds = seconds_now();
  folder_->add_checkpoint(state_, model_.parameters(), optimizer_, options_.checkpoint.kept);
}

/// Made by all ranks together, written by the first, once all are found to hold the same.
void Run::checkpoint() {
  check_equal_state(ranks_, parameters_, optimizer_);
  try_to_save();
}

/// A checkpoint that the machine refuses is no reason to lose the run: the next one may work.
void Run::try_to_save() {
  if (!folder_) return;
  checkpoint_timer_->begin(state_.step);
  try {
    write_checkpoint();
    if (checkpoint_timer_->answer()) inform(fmt::format("checkpoint at step {}", state_.step));
  } catch (const SystemError& error) {
    warn(fmt::format("no checkpoint at step {}: {}; training goes on", state_.step, error.what()));
  }
}

void Run::finish() {
  write_checkpoint();
  model_.save(folder_->last_path(),
              describe_training(fmt::format("The end of the run: step {}.", state_.step), options_, data_));
  folder_->write_result(state_);
}

double Run::seconds_now() const {
  return earlier_seconds_ + std::chrono::duration<double>(Clock::now() - session_begin_).count();
}

void check_data(const TrainingData& data, const TrainingOptions& options) {
  const auto check = [&](const std::vector<TrainingPassage>& passages, std::string_view which) {
    for (std::size_t i = 0; i < passages.size(); ++i)
      if (passages[i].tokens.size() < 2)
        throw InputError("training", fmt::format("{} passage {}", which, i),
                         "predicts no token, expected two at least");
  };
  if (data.training.empty()) throw InputError("training", "training passages", "there are none");
  check(data.training, "training");
  check(data.validation, "validation");
  if (!has_loss(data.training, options.objective))
    throw InputError("training", "training passages",
                     "have no content word, which is all that this loss looks at: nothing would be trained");
}

/// Passages on which the loss is 0 whatever the model does would make the first step the best.
void leave_out_empty_validation(TrainingData& data, const ObjectiveOptions& options) {
  if (data.validation.empty() || has_loss(data.validation, options)) return;
  warn(
      "the validation passages have no content word, which is all that this loss looks at; nothing is "
      "validated on, "
      "and the end of the run counts as its best");
  data.validation.clear();
}

}  // namespace

std::int64_t count_steps(std::span<const TrainingPassage> passages, const TrainingOptions& options) {
  const std::int64_t most =
      options.max_steps > 0 ? options.max_steps : std::numeric_limits<std::int64_t>::max();
  const std::int64_t steps = count_updates(lengths_of(passages), options.batch,
                                           static_cast<std::uint64_t>(options.seed), options.epochs, most);
  return std::min(steps, most);
}

TrainingResult train(const Trainable& model, TrainingData data, const TrainingOptions& options,
                     const std::filesystem::path& folder, ProgressObserver* observer, std::stop_token stop,
                     Ranks* given_ranks) {
  check_data(data, options);
  leave_out_empty_validation(data, options.objective);
  SingleRank single;
  Ranks& ranks = given_ranks ? *given_ranks : single;
  const Json identity = run_identity(model, data, options);
  check_same_run(ranks, identity);
  std::optional<RunFolder> run_folder;
  if (ranks.is_first()) run_folder.emplace(folder, identity);
  if (any(ranks, {run_folder && run_folder->is_finished()}).front())
    return run_folder ? run_folder->result() : TrainingResult{};
  if (run_folder) run_folder->keep_passage_ids(data.passage_ids);
  Run run(model, data, options, run_folder ? &*run_folder : nullptr, ranks);
  return run.execute(observer, stop);
}

}  // namespace conceptune::training
