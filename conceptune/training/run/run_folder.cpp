#include "conceptune/training/run/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "conceptune/base/destination.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/training/run/training_log.h"

namespace conceptune::training {
namespace {

constexpr std::string_view kTraining = "training";
constexpr std::string_view kResuming = "resuming training";
constexpr const char* kIdentityFile = "run.json";
constexpr int kVersion = 1;

void check_identity(const std::filesystem::path& path, const Json& identity) {
  const std::string difference = first_difference(read_json_file(path, kResuming), identity);
  if (difference.empty()) return;
  throw InputError(
      kResuming, path.string(),
      fmt::format("the folder holds another run: {}; choose another folder or remove it", difference));
}

FileLock lock_folder(const std::filesystem::path& folder) {
  check_run_folder(folder);
  return FileLock::take_or_refuse(folder / kLockFile, kTraining, folder,
                                  "another process is training in this folder");
}

LossPoint loss_point(const Json& line) {
  return {line.at("step"), line.at("loss"), line.at("next_token_loss"), line.at("concept_loss")};
}

std::string tensor_name(std::string_view kind, const std::string& parameter) {
  return fmt::format("{}.{}", kind, parameter);
}

const model::Matrix& find_tensor(const Checkpoint& checkpoint, const std::string& name,
                                 const model::Matrix& like) {
  for (const auto& [found, matrix] : checkpoint.tensors)
    if (found == name && matrix.rows() == like.rows() && matrix.width() == like.width()) return matrix;
  throw InputError("reading checkpoint", fmt::format("step {}", checkpoint.step),
                   fmt::format("has no tensor '{}' of the expected shape", name));
}

}  // namespace

Json run_identity(const Trainable& model, const TrainingData& data, const TrainingOptions& options) {
  Json shapes = Json::object();
  for (const auto& [name, matrix] : model.parameters()) shapes[name] = {matrix.rows(), matrix.width()};
  return {{"version", kVersion},
          {"options", results_options_to_json(options)},
          {"training_passages", data.training.size()},
          {"validation_passages", data.validation.size()},
          {"made_from", data.made_from},
          {"parameters", shapes}};
}

std::string first_difference(const Json& found, const Json& expected, const std::string& name) {
  if (found == expected) return {};
  if (!found.is_object() || !expected.is_object())
    return fmt::format("{} is {}, expected {}", name, to_json_text(found), to_json_text(expected));
  for (const auto& [key, value] : expected.items()) {
    const std::string path = name.empty() ? key : fmt::format("{}.{}", name, key);
    if (!found.contains(key)) return path + " is missing";
    if (const auto difference = first_difference(found[key], value, path); !difference.empty())
      return difference;
  }
  return name + " holds more than expected";
}

void check_run_folder(const std::filesystem::path& folder, std::span<const std::filesystem::path> inputs) {
  check_growing_destination(folder, ProductKind::training, kTraining, inputs);
}

RunFolder::RunFolder(std::filesystem::path folder, Json identity)
    : folder_(std::move(folder)), identity_(std::move(identity)), lock_(lock_folder(folder_)) {
  const auto path = folder_ / kIdentityFile;
  if (std::filesystem::exists(path))
    check_identity(path, identity_);
  else
    write_file_atomically(path, to_json_text(identity_, 1) + "\n");
}

void RunFolder::keep_passage_ids(const corpus::PassageIds& ids) const {
  const auto path = folder_ / corpus::kTrainedPassagesFile;
  if (!std::filesystem::exists(path)) corpus::write_passage_ids(path, ids);
}

std::optional<Checkpoint> RunFolder::newest_checkpoint() const {
  return read_newest_checkpoint(checkpoints_path());
}

void RunFolder::add_checkpoint(const TrainingState& state,
                               const std::vector<weights::NamedMatrix>& parameters, const AdamW& optimizer,
                               std::int64_t kept) const {
  Checkpoint checkpoint{state.step, {{"version", kVersion}, {"training", state_to_json(state)}}, {}};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, matrix] = parameters[i];
    checkpoint.tensors.push_back({tensor_name("parameter", name), matrix});
    checkpoint.tensors.push_back({tensor_name("first_moment", name), optimizer.first_moments()[i]});
    checkpoint.tensors.push_back({tensor_name("second_moment", name), optimizer.second_moments()[i]});
  }
  write_checkpoint(checkpoints_path(), checkpoint, kept);
}

bool RunFolder::is_finished() const {
  if (!std::filesystem::exists(result_path()) || !read_manifest(folder_)) return false;
  check_manifest(folder_, kResuming);
  return true;
}

void RunFolder::write_result(const TrainingState& state) const {
  Json result = identity_;
  result["result"] = {{"steps", state.step},
                      {"tokens", state.tokens},
                      {"seconds", state.seconds},
                      {"stopped_early", state.stopped_early},
                      {"best_step", state.best_step > 0 ? state.best_step : state.step},
                      {"best_loss", state.best_step > 0 ? Json(state.best_loss) : Json(nullptr)},
                      {"adapter", state.best_step > 0 ? "best" : "last"}};
  write_file_atomically(result_path(), to_json_text(result, 1) + "\n");
  write_manifest(folder_, ProductKind::training);
}

TrainingResult RunFolder::result() const {
  constexpr std::string_view kDoing = "reading training result";
  const Json document = read_json_file(result_path(), kDoing);
  TrainingResult result;
  try {
    const Json& values = document.at("result");
    values.at("steps").get_to(result.steps);
    values.at("tokens").get_to(result.tokens);
    values.at("seconds").get_to(result.seconds);
    values.at("stopped_early").get_to(result.stopped_early);
    values.at("best_step").get_to(result.best_step);
    if (!values.at("best_loss").is_null()) result.best_loss = values.at("best_loss");
    result.adapter = folder_ / values.at("adapter").get<std::string>();
    for (const Json& line : read_training_log(log_path())) {
      if (line.at("type") == "training") result.training_losses.push_back(loss_point(line));
      if (line.at("type") == "validation") result.validation_losses.push_back(loss_point(line));
    }
  } catch (const Json::exception& error) {
    throw InputError(kDoing, folder_.string(), error.what());
  }
  return result;
}

void check_same_run(Ranks& ranks, const Json& identity) {
  const Json first = parse_json(text_of_first(ranks, to_json_text(identity)), "training", "rank 0");
  const std::string difference = first_difference(identity, first);
  if (any(ranks, {!difference.empty()}).front())
    throw InputError("training", fmt::format("rank {} of {}", ranks.rank(), ranks.size()),
                     difference.empty() ? "another rank has other options or data than rank 0"
                                        : fmt::format("differs from rank 0: {}", difference));
}

void share_state(Ranks& ranks, TrainingState& state, const std::vector<model::Matrix>& parameters,
                 AdamW& optimizer) {
  const std::string of_first = text_of_first(ranks, to_json_text(state_to_json(state)));
  state = state_from_json(parse_json(of_first, "sharing the run's state", "rank 0"), "state of rank 0");
  for (const auto* matrices : {&parameters, &optimizer.first_moments(), &optimizer.second_moments()})
    copy_from_first(ranks, *matrices);
  optimizer.restore(state.step, optimizer.first_moments(), optimizer.second_moments());
}

void check_equal_state(Ranks& ranks, const std::vector<model::Matrix>& parameters, const AdamW& optimizer) {
  std::vector<model::Matrix> matrices = parameters;
  for (const auto* moments : {&optimizer.first_moments(), &optimizer.second_moments()})
    matrices.insert(matrices.end(), moments->begin(), moments->end());
  check_equal_bits(ranks, matrices);
}

void restore_tensors(const Checkpoint& checkpoint, const std::vector<weights::NamedMatrix>& parameters,
                     AdamW& optimizer, std::int64_t steps) {
  std::vector<model::Matrix> first_moments, second_moments;
  for (const auto& [name, matrix] : parameters) {
    std::copy_n(find_tensor(checkpoint, tensor_name("parameter", name), matrix).values(), matrix.size(),
                matrix.values());
    first_moments.push_back(find_tensor(checkpoint, tensor_name("first_moment", name), matrix));
    second_moments.push_back(find_tensor(checkpoint, tensor_name("second_moment", name), matrix));
  }
  optimizer.restore(steps, first_moments, second_moments);
}

}  // namespace conceptune::training
