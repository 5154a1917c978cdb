// What `check` passes, `run` finishes: every field at the ends of its range and at each of its names, on a
// tiny model. Fields and ranges are those that `check --keys` tells, so that a new field is walked too.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <regex>
#include <sstream>

#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

constexpr const char* kLargeInteger = "100000";
constexpr const char* kLargeNumber = "1000.0";

/// TOML literals at the ends of what a field expects; none for strings and paths.
std::vector<std::string> ends_of(const std::string& expected) {
  std::smatch match;
  const bool integer = expected.find("an integer") != std::string::npos;
  const auto literal = [&](const std::string& number) {
    return integer || number.find_first_of(".e") != std::string::npos ? number : number + ".0";
  };
  std::vector<std::string> values;
  if (std::regex_search(expected, match, std::regex("between (\\S+) and (\\S+)"))) {
    values = {literal(match[1]), literal(match[2])};
  } else if (std::regex_search(expected, match, std::regex("at least (\\S+)"))) {
    values = {literal(match[1]), integer ? kLargeInteger : kLargeNumber};
  } else if (std::regex_search(expected, match, std::regex("one of (.+)"))) {
    std::istringstream names(match[1]);
    for (std::string name; names >> name;)
      values.push_back('"' + (name.ends_with(',') ? name.substr(0, name.size() - 1) : name) + '"');
  } else if (expected == "true or false") {
    values = {"true", "false"};
  } else if (integer) {
    values = {"-" + std::string(kLargeInteger), kLargeInteger};
  }
  if (expected.starts_with("a list"))
    for (auto& value : values) value = "[" + value + "]";
  return values;
}

struct DocumentedField {
  std::string key, value, expected, decides;
};

std::vector<DocumentedField> documented_fields() {
  const auto documented = test::run_program({"check", "--keys"});
  EXPECT_EQ(documented.exit_code, 0) << documented.errors;
  const std::regex heading("## `\\[(.+)\\]`"), row("\\| `(\\w+)` \\| `(.*?)` \\| ([^|]+) \\| ([^|]+) \\| .*");
  std::vector<DocumentedField> fields;
  std::istringstream lines(documented.output);
  std::string section;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, heading)) section = match[1].str() + ".";
    if (std::regex_match(line, match, row))
      fields.push_back({section + match[1].str(), match[2], match[3], match[4]});
  }
  return fields;
}

/// "section.key=value" for every field and end.
std::vector<std::string> settings_at_the_ends() {
  std::vector<std::string> settings;
  for (const auto& field : documented_fields())
    for (const auto& value : ends_of(field.expected)) settings.push_back(field.key + "=" + value);
  return settings;
}

class FieldRanges : public testing::Test {
 protected:
  void SetUp() override {
    CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
    tiny.write("tiny.toml", fmt::format(R"(name = "Tiny"
output = "run"
threads = 1
[model]
path = "model"
[corpus]
files = ["corpus.txt"]
passages = 16
held_out = 4
[annotation]
english_pipeline = "{}"
wordnet.folder = "{}"
file.table = "table.tsv"
[training]
max_steps = 4
validation_share = 0.2
optimizer.learning_rate = 0.01
[evaluation]
benchmarks = ["pairs.tsv"]
bootstrap.samples = 50
generation.prompts = ["The dog"]
generation.new_tokens = 4
)",
                                        test::input("en_core_web_sm").string(), test::kWordNet.string()));
    tiny.write("table.tsv", "word\tsynonyms\ndog\thound, puppy\n");
  }

  /// Every `stride`-th setting.
  void walk(std::size_t stride) {
    const auto settings = settings_at_the_ends();
    ASSERT_GT(settings.size(), 150U);
    std::size_t refused = 0, finished = 0;
    for (std::size_t i = stride / 2; i < settings.size(); i += stride) {
      if (settings[i].starts_with("corpus.format=")) continue;  // says what the file is
      const auto checked = test::run_program({"check", tiny.config().string(), "--set", settings[i]});
      if (checked.exit_code != 0) {
        EXPECT_EQ(checked.exit_code, 2) << settings[i] << '\n' << checked.errors;
        std::cout << settings[i] << ": " << checked.errors;
        ++refused;
        continue;
      }
      const auto run = tiny.run({settings[i]});
      // What a corpus holds and that training diverges cannot be known before; both are said.
      if (run.exit_code == 0 || run.errors.find("no document with more than") != std::string::npos ||
          run.errors.find("the loss is") != std::string::npos ||
          run.errors.find("the gradient's norm is") != std::string::npos)
        ++finished;
      else
        ADD_FAILURE() << settings[i] << '\n' << run.errors;
    }
    // Only what needs a further setting is refused.
    EXPECT_LT(refused, 1 + finished / 5);
  }

  test::TinyExperiment tiny;
};

TEST_F(FieldRanges, SomeThatPassTheCheckFinish) { walk(24); }

TEST_F(FieldRanges, WhatDecidesCostAloneChangesNoByteOfTheResults) {
  std::vector<std::string> changed = {"output=" + tiny.path("other").string()};
  for (const auto& field : documented_fields()) {
    // Batches of other sizes are summed in another order: the same but for rounding.
    if (field.decides != "cost" || field.key == "evaluation.tokens_per_batch") continue;
    for (const auto& value : ends_of(field.expected))
      if (value != field.value) {
        changed.push_back(field.key + "=" + value);
        break;
      }
  }
  EXPECT_GT(changed.size(), 10U);
  const auto first = tiny.run(), second = tiny.run(changed);
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  ASSERT_EQ(second.exit_code, 0) << second.errors;
  const auto expected = tiny.products();
  EXPECT_GT(expected.size(), 5U);
  EXPECT_EQ(tiny.products("other"), expected);
}

using FieldRangesSoak = FieldRanges;

TEST_F(FieldRangesSoak, AllThatPassTheCheckFinish) { walk(1); }

}  // namespace
}  // namespace conceptune
