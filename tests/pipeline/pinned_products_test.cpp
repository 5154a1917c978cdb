// What each stage gives on a tiny experiment, pinned beside the stage's version: a run's finished products
// are reused as long as the version stays, so that a stage which comes to give something else must raise it.
#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/file.h"
#include "conceptune/base/line_reader.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

constexpr const char* kPinned = "tests/pipeline/pinned_products.json";
/// Processors sum products of matrices in different orders; what is computed from these is pinned as numbers.
constexpr double kRounding = 2e-3;

std::string digest_of_lines(const std::filesystem::path& path) {
  Sha256 hash;
  LineReader lines(path, "reading products");
  for (std::string line; lines.next(line);) hash.update(line + "\n");
  return hash.hex();
}

Json last_losses(const std::filesystem::path& log) {
  Json losses;
  LineReader lines(log, "reading products");
  for (std::string line; lines.next(line);) {
    const Json entry = parse_json(line, "reading", "log");
    if (entry["type"] == "training") losses = {entry["next_token_loss"], entry["concept_loss"]};
  }
  return losses;
}

Json measurements(const std::filesystem::path& results) {
  Json values = Json::object();
  const Json document = read_json_file(results, "reading products");
  for (const auto& m : document["measurements"]) {
    const std::string metric = m["metric"];
    // Ranks and the likeliest token jump where two values all but agree.
    const bool jumps = metric == "spearman" || metric == "kendall" || metric.ends_with("accuracy");
    if (m["subject"] != "base" && !jumps)
      values[m["benchmark"].get<std::string>() + " " + m["convention"].get<std::string>() + " " + metric] =
          m["value"];
  }
  return values;
}

/// {"corpus": {"version": 1, "products": [...]}, ...}: digests where bytes are the same on every processor.
Json products_of(const test::TinyExperiment& tiny) {
  experiment::RunStore store(tiny.run_folder(), experiment::RunStore::Access::read_only);
  std::map<std::string, std::vector<Json>> found;
  Json pinned = Json::object();
  for (const auto& product : store.products()) {
    pinned[product.stage]["version"] = product.recipe["version"];
    auto& of_stage = found[product.stage];
    if (product.stage == "corpus")
      of_stage.emplace_back(digest_of_lines(product.folder / "train.jsonl"));
    else if (product.stage == "train")
      of_stage.push_back(last_losses(product.folder / "log.jsonl"));
    else if (product.stage == "evaluate")
      of_stage.push_back(measurements(product.folder / "results.json"));
    else
      of_stage.emplace_back(digest_of_lines(product.folder / "dataset" / "records.jsonl.zst"));
  }
  for (auto& [stage, products] : found) {
    std::sort(products.begin(), products.end());
    pinned[stage]["products"] = products;
  }
  return pinned;
}

bool agree(const Json& found, const Json& pinned) {
  if (found.is_number_float() && pinned.is_number()) {
    const double a = found, b = pinned;
    return std::abs(a - b) <= kRounding * std::max(1.0, std::abs(b));
  }
  if (!found.is_structured()) return found == pinned;
  if (found.type() != pinned.type() || found.size() != pinned.size()) return false;
  for (const auto& [key, value] : found.items()) {
    const Json* other = found.is_array()       ? &pinned[std::stoul(key)]
                        : pinned.contains(key) ? &pinned[key]
                                               : nullptr;
    if (other == nullptr || !agree(value, *other)) return false;
  }
  return true;
}

TEST(PinnedProducts, ChangeWithTheVersionOfTheirStageAlone) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto run =
      tiny.run({"annotation.wordnet.use_candidates=false", "variant.words=0.5", "variant.noise=\"paper\""});
  ASSERT_EQ(run.exit_code, 0) << run.errors;
  const Json found = products_of(tiny), pinned = read_json_file(test::source(kPinned), "reading");
  for (const auto& [stage, facts] : found.items()) {
    ASSERT_TRUE(pinned.contains(stage)) << stage << " is not pinned yet; " << kPinned << " would be\n"
                                        << found.dump(1);
    if (facts["version"] == pinned[stage]["version"])
      EXPECT_TRUE(agree(facts, pinned[stage]))
          << "stage '" << stage
          << "' gives something else than before. Users' finished runs would be mixed with it: "
          << "raise the stage's version in conceptune/experiment/stages.cpp, then put this into " << kPinned
          << ":\n"
          << found.dump(1);
    else
      EXPECT_EQ(facts, pinned[stage])
          << "stage '" << stage << "' has another version; put this into " << kPinned << ":\n"
          << found.dump(1);
  }
  EXPECT_EQ(found.size(), pinned.size());
}

TEST(PinnedProducts, AreComparedToTheRoundingOfProcessors) {
  EXPECT_TRUE(agree(Json{{"a", {1.0, "x"}}}, Json{{"a", {1.001, "x"}}}));
  EXPECT_FALSE(agree(Json{{"a", {1.0, "x"}}}, Json{{"a", {1.01, "x"}}}));
  EXPECT_FALSE(agree(Json{{"a", {1.0, "x"}}}, Json{{"a", {1.0, "y"}}}));
  EXPECT_FALSE(agree(Json{{"a", 1.0}}, Json{{"b", 1.0}}));
}

}  // namespace
}  // namespace conceptune
