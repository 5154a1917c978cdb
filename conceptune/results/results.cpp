#include "conceptune/results/results.h"

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/results/item_files.h"

namespace conceptune::evaluation {
namespace {

constexpr const char* kFormat = "conceptune-results";
constexpr int kVersion = 1;
constexpr const char* kReading = "reading results";

template <class T>
Json json_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

void put_interval(Json& object, const std::optional<Interval>& interval) {
  object["low"] = interval ? Json(interval->low) : Json(nullptr);
  object["high"] = interval ? Json(interval->high) : Json(nullptr);
}

std::optional<double> optional_number(const Json& object, const char* name) {
  const Json& value = object.at(name);
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}

std::optional<Interval> interval_of(const Json& object) {
  const auto low = optional_number(object, "low");
  const auto high = optional_number(object, "high");
  if (!low || !high) return std::nullopt;
  return Interval{*low, *high};
}

Json comparison_record(const Comparison& comparison) {
  Json object = {
      {"reference", comparison.reference}, {"unit", comparison.unit}, {"difference", comparison.difference}};
  put_interval(object, comparison.interval);
  object["p"] = json_or_null(comparison.p);
  return object;
}

Comparison comparison_of(const Json& object) {
  return {.reference = object.at("reference"),
          .unit = object.at("unit"),
          .difference = object.at("difference"),
          .interval = interval_of(object),
          .p = optional_number(object, "p")};
}

Measurement measurement_of(const Json& object) {
  Measurement measurement{.subject = object.at("subject"),
                          .benchmark = object.at("benchmark"),
                          .metric = object.at("metric"),
                          .convention = object.at("convention"),
                          .value = {optional_number(object, "value"), object.value("undefined_because", "")},
                          .interval = interval_of(object),
                          .n = object.at("n"),
                          .unit = object.at("unit"),
                          .resampled = object.at("resampled"),
                          .comparisons = {}};
  for (const auto& comparison : object.at("comparisons"))
    measurement.comparisons.push_back(comparison_of(comparison));
  return measurement;
}

Json data_record(const DataUsed& data) {
  Json skipped = Json::array();
  for (const auto& skip : data.skipped) skipped.push_back({{"item", skip.item}, {"reason", skip.reason}});
  Json record = {{"benchmark", data.benchmark}, {"path", data.path},  {"hash", data.hash},
                 {"items", data.items},         {"skipped", skipped}, {"trained_on", data.trained_on}};
  if (data.in_domain) record["in_domain"] = *data.in_domain;
  return record;
}

DataUsed data_of(const Json& object) {
  DataUsed data{.benchmark = object.at("benchmark"),
                .path = object.at("path"),
                .hash = object.at("hash"),
                .items = object.at("items"),
                .skipped = {}};
  for (const auto& skip : object.at("skipped")) data.skipped.push_back({skip.at("item"), skip.at("reason")});
  // Files of the first releases have neither.
  data.trained_on = object.value("trained_on", data.trained_on);
  if (object.contains("in_domain")) data.in_domain = object["in_domain"].get<std::vector<std::string>>();
  return data;
}

GenerationSample sample_of(const Json& object) {
  GenerationSample sample{.benchmark = object.at("benchmark"),
                          .item = object.at("item"),
                          .prompt = object.at("prompt"),
                          .original = object.at("original"),
                          .continuations = {}};
  for (const auto& one : object.at("continuations"))
    sample.continuations.push_back({one.at("subject"), one.at("text")});
  return sample;
}

Results parse_version_1(const Json& document) {
  Results results;
  for (const auto& subject : document.at("subjects"))
    results.subjects.push_back({subject.at("name"), subject.at("path"), subject.at("hash")});
  for (const auto& data : document.at("data")) results.data.push_back(data_of(data));
  for (const auto& file : document.at("item_files"))
    results.item_files.push_back(
        {file.at("subject"), file.at("benchmark"), file.at("convention"), file.at("path")});
  for (const auto& [name, fields] : document.at("conventions").items())
    results.conventions.push_back({name, fields});
  const Json& bootstrap = document.at("bootstrap");
  results.bootstrap = {.samples = bootstrap.at("samples"),
                       .confidence = bootstrap.at("confidence"),
                       .seed = bootstrap.at("seed")};
  for (const auto& measurement : document.at("measurements"))
    results.measurements.push_back(measurement_of(measurement));
  // Files of the first releases have none.
  for (const auto& answer : document.value("answers", Json::array()))
    results.answers.push_back(answer_from_json(answer));
  for (const auto& sample : document.value("samples", Json::array()))
    results.samples.push_back(sample_of(sample));
  results.seconds = document.at("seconds");
  return results;
}

}  // namespace

const Measurement* Results::find(std::string_view subject, std::string_view benchmark,
                                 std::string_view metric, std::string_view convention) const {
  for (const auto& m : measurements)
    if (m.subject == subject && m.benchmark == benchmark && m.metric == metric &&
        (convention.empty() || m.convention == convention))
      return &m;
  return nullptr;
}

Json measurement_record(const Measurement& measurement) {
  Json object = {{"subject", measurement.subject},
                 {"benchmark", measurement.benchmark},
                 {"metric", measurement.metric},
                 {"value", json_or_null(measurement.value.value)}};
  if (!measurement.value.value) object["undefined_because"] = measurement.value.undefined_because;
  put_interval(object, measurement.interval);
  object["n"] = measurement.n;
  object["unit"] = measurement.unit;
  object["resampled"] = measurement.resampled;
  object["convention"] = measurement.convention;
  object["comparisons"] = Json::array();
  for (const auto& c : measurement.comparisons) object["comparisons"].push_back(comparison_record(c));
  return object;
}

Json sample_record(const GenerationSample& sample) {
  Json continuations = Json::array();
  for (const auto& one : sample.continuations)
    continuations.push_back({{"subject", one.subject}, {"text", one.text}});
  return {{"benchmark", sample.benchmark},
          {"item", sample.item},
          {"prompt", sample.prompt},
          {"original", sample.original},
          {"continuations", continuations}};
}

Json to_json(const Results& results) {
  Json document = {{"format", kFormat}, {"version", kVersion}};
  document["subjects"] = Json::array();
  for (const auto& s : results.subjects)
    document["subjects"].push_back({{"name", s.name}, {"path", s.path}, {"hash", s.hash}});
  document["data"] = Json::array();
  for (const auto& data : results.data) document["data"].push_back(data_record(data));
  document["item_files"] = Json::array();
  for (const auto& f : results.item_files)
    document["item_files"].push_back(
        {{"subject", f.subject}, {"benchmark", f.benchmark}, {"convention", f.convention}, {"path", f.path}});
  document["conventions"] = Json::object();
  for (const auto& convention : results.conventions)
    document["conventions"][convention.name] = convention.fields;
  document["bootstrap"] = options_to_json(results.bootstrap);
  document["measurements"] = Json::array();
  for (const auto& m : results.measurements) document["measurements"].push_back(measurement_record(m));
  document["answers"] = Json::array();
  for (const auto& answer : results.answers) document["answers"].push_back(to_json(answer));
  document["samples"] = Json::array();
  for (const auto& sample : results.samples) document["samples"].push_back(sample_record(sample));
  document["seconds"] = results.seconds;
  return document;
}

Results results_from_json(const Json& document, std::string_view where) {
  try {
    if (document.at("format") != kFormat)
      throw InputError(kReading, where, "not a results file of conceptune");
    if (document.at("version") != kVersion)
      throw InputError(kReading, where,
                       fmt::format("version is {}, expected {}", document.at("version").dump(), kVersion));
    return parse_version_1(document);
  } catch (const nlohmann::json::exception& error) {
    throw InputError(kReading, where, error.what());
  }
}

void check_results_folder(const Destination& folder, std::span<const std::filesystem::path> inputs) {
  constexpr std::string_view kWriting = "evaluating";
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder.path, error);
  const bool has_items_alone = !error && std::all_of(begin(entries), end(entries), [](const auto& entry) {
    return entry.path().filename() == kItemFolder || entry.path().filename() == kLockFile;
  });
  if (!has_items_alone) check_folder_destination(folder, ProductKind::results, kWriting, inputs);
}

void write_results(const std::filesystem::path& path, const Results& results) {
  write_file_atomically(path, to_json_text(to_json(results), 1) + "\n");
}

Results read_results(const std::filesystem::path& path) {
  return results_from_json(read_json_file(path, kReading), path.string());
}

}  // namespace conceptune::evaluation
