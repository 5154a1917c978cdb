// Text from files, servers and the command line on its way to the terminal: shown, never obeyed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "cli/terminal.h"
#include "conceptune/base/json.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/progress.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "tests/support/dataset_card.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/hostile_text.h"
#include "tests/support/inputs.h"
#include "tests/support/on_terminal.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::int64_t lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

/// A name that files may have: also bytes that are no UTF-8.
const std::string kHostileName = kHostile + "\xff";
const std::string kHostileNameShown = kHostileShown + "\\xff";

void write_hostile_dataset(const std::filesystem::path& folder) {
  concepts::DatasetCard card = dataset_card("t", 100);
  card.source = kHostile;
  card.outcomes = {{kHostile, 1}};
  const auto end = 6 + static_cast<std::uint32_t>(count_code_points(kHostile));
  concepts::DatasetWriter writer(folder, card);
  writer.write({kHostile,
                "A dog " + kHostile + " runs.",
                {1, 2, 3, 4, 5, 6},
                {{1, "dog", words::PartOfSpeech::noun, {{{7}, "hound" + kHostile, 0.5}}, {2, 5}},
                 {2, kHostile, words::PartOfSpeech::verb, {{{8}, "b", 0.5}}, {6, end}}}});
  writer.commit();
}

TEST(Terminal, ShowsWhatTheCommandLineHolds) {
  const auto command = run_program({kHostileName});
  EXPECT_EQ(command.errors,
            "conceptune: '" + kHostileNameShown + "' is not a command; see conceptune --help\n");
  const auto option = run_program({"env", "--" + kHostileName});
  EXPECT_EQ(option.errors,
            "conceptune: unknown option '--" + kHostileNameShown + "'; see conceptune env --help\n");
}

/// What `work` makes a terminal tell on stderr.
std::string told(const std::function<void(cli::Terminal&)>& work) {
  ::testing::internal::CaptureStderr();
  {
    cli::Terminal terminal;
    work(terminal);
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(Terminal, TellsAWarningOnce) {
  EXPECT_EQ(told([](cli::Terminal&) {
              for (int i = 0; i < 3; ++i) warn("no figures");
              inform("reading");
              inform("reading");
            }),
            "warning: no figures\nreading\nreading\n");
}

TEST(Terminal, TellsWarningsOfEarlierStagesAgainBeforeTheResult) {
  const std::string text = told([](cli::Terminal& terminal) {
    {
      const Progress reading(&terminal, "reading", 1, "files");
      warn("few passages");
    }
    {
      const Progress training(&terminal, "training", 1, "steps");
      warn("slow");
    }
    ::testing::internal::CaptureStdout();
    terminal.print("a result");
    terminal.print("another");
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), "a result\nanother\n");
  });
  EXPECT_THAT(text, ::testing::EndsWith("told before:\n  warning: few passages\n"));
  EXPECT_EQ(text.find("few passages"), text.find("warning: few passages") + 9);
}

TEST(Terminal, ShowsNamesOfFilesInErrors) {
  const TemporaryFolder folder;
  const auto missing = run_program({"inspect", kHostileName});
  EXPECT_EQ(missing.errors, "conceptune: inspecting: " + kHostileNameShown + ": No such file or directory\n");
  const auto damaged = run_program({"inspect", folder.write(kHostileName + ".gguf", "GGUF").string()});
  EXPECT_EQ(damaged.exit_code, 2);
  EXPECT_THAT(damaged.errors, HasSubstr(kHostileNameShown + ".gguf"));
  EXPECT_EQ(lines_in(damaged.errors), 1);
  expect_harmless(damaged.errors);
}

TEST(Terminal, ShowsEachOfSeveralFaultsOnItsLine) {
  const TemporaryFolder folder;
  const auto config = folder.write("c.toml", "\"\\u001b[2J\\nconceptune: x\" = 1\n\"\\u202ey\" = 2\n");
  const auto result = run_program({"check", config.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, StartsWith("conceptune: checking the experiment: "));
  EXPECT_THAT(result.errors, HasSubstr("line 1: unknown key '\\u001b[2J\\nconceptune: x'"));
  EXPECT_THAT(result.errors, HasSubstr("line 2: unknown key '\\u202ey'"));
  expect_harmless(result.errors);
}

TEST(Terminal, ShowsDatasets) {
  const TemporaryFolder folder;
  write_hostile_dataset(folder.path() / "d");
  const auto result = run_program({"inspect", (folder.path() / "d").string()});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, StartsWith("concept dataset, source " + kHostileShown + "\n  " + kHostileShown));
  EXPECT_THAT(result.output, HasSubstr("\n\n" + kHostileShown + "\nA *dog* *" + kHostileShown + "* runs.\n"));
  EXPECT_THAT(result.output, HasSubstr("\n  *dog* (NOUN): hound" + kHostileShown + "\n"));
  expect_harmless(result.output);
}

TEST(Terminal, LeavesTheMeaningOfJson) {
  const TemporaryFolder folder;
  write_hostile_dataset(folder.path() / "d");
  const auto result = run_program({"inspect", (folder.path() / "d").string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(lines_in(result.output), 1);
  expect_harmless(result.output);
  const Json card = parse_json(result.output, "test", "output");
  EXPECT_EQ(card["source"], kHostile);
  EXPECT_EQ(card, read_json_file(folder.path() / "d" / "dataset.json", "test"));
}

TEST(Terminal, ShowsModelFiles) {
  const TemporaryFolder folder;
  const auto path = folder.write("m.gguf", GgufBuilder()
                                               .string("general.architecture", "llama")
                                               .string("k" + kHostile, "v" + kHostile)
                                               .floats("t" + kHostile, {1}, {1})
                                               .content());
  const auto result = run_program({"inspect", path.string()});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  for (const char* kind : {"k", "v", "t"}) EXPECT_THAT(result.output, HasSubstr(kind + kHostileShown));
  expect_harmless(result.output);
  const auto json = run_program({"inspect", path.string(), "--json"});
  expect_harmless(json.output);
  const Json facts = parse_json(json.output, "test", "output");
  EXPECT_EQ(facts["metadata"]["k" + kHostile], "v" + kHostile);
  EXPECT_EQ(facts["tensors"][0]["name"], "t" + kHostile);
}

TEST(Terminal, ShowsTaggedTexts) {
  CONCEPTUNE_REQUIRE(input("en_core_web_sm"));
  const std::string text = "Dogs\x1b[2J run\u202e to\u009b the\x7f house.\n";
  const std::vector<std::string> command = {"tag", "--english-pipeline", input("en_core_web_sm").string()};
  const auto plain = run_program(command, text);
  ASSERT_EQ(plain.exit_code, 0) << plain.errors;
  for (const char* shown : {"\\u001b", "\\u202e", "\\u009b", "\\u007f"})
    EXPECT_THAT(plain.output, HasSubstr(shown));
  EXPECT_EQ(lines_in(plain.output), 1);
  expect_harmless(plain.output);
  auto with_json = command;
  with_json.emplace_back("--json");
  const auto json = run_program(with_json, text);
  expect_harmless(json.output);
  const Json tagged = parse_json(json.output, "test", "output");
  std::string letters;
  for (const auto& token : tagged["tokens"]) letters += token["text"].get<std::string>();
  EXPECT_EQ(letters, "Dogs\x1b[2Jrun\u202eto\u009bthe\x7fhouse.");
}

TEST(Terminal, ShowsEvaluations) {
  const TemporaryFolder folder;
  const auto model = folder.path() / "model";
  write_tiny_model(model);
  const auto adapter = folder.path() / ("a" + kHostile);
  model::save_adapter(adapter, model::LoraAdapter(weights::WeightStore::open(model)->config(), {}, 1), "base",
                      "text");
  const auto pairs = folder.write("b" + kHostile + ".tsv", "dog\thound\t9\ncat\thouse\t1\nbig\tlarge\t9\n");
  const std::vector<std::string> command = {
      "eval",         "--model",   model.string(), "--adapter", adapter.string(), "--benchmark",
      pairs.string(), "--samples", "20",           "--prompt",  "The " + kHostile};
  const auto plain = run_program(command);
  ASSERT_EQ(plain.exit_code, 0) << plain.errors;
  expect_harmless(plain.output);
  expect_harmless(plain.errors);
  EXPECT_THAT(plain.output, HasSubstr("\n\nprompts prompt 1: The " + kHostileShown + "\n"));
  EXPECT_THAT(plain.output, HasSubstr("\n  a" + kHostileShown));
  EXPECT_THAT(plain.output, HasSubstr("b" + kHostileShown + " spearman"));
  auto with_json = command;
  with_json.emplace_back("--json");
  const auto json = run_program(with_json);
  ASSERT_EQ(json.exit_code, 0) << json.errors;
  expect_harmless(json.output);
  const std::string last = json.output.substr(json.output.rfind('\n', json.output.size() - 2) + 1);
  EXPECT_EQ(parse_json(last, "test", "output")["prompt"], "The " + kHostile);
}

TEST(Terminal, ShowsRepliesOfServers) {
  CONCEPTUNE_REQUIRE(input("en_core_web_sm"));
  const TestServer server("tests/cli/hostile_server.py");
  const TemporaryFolder folder;
  write_tiny_model(folder.path() / "model");
  const auto passages = folder.write("p.jsonl", "{\"text\": \"The old dog runs to the big house.\"}\n");
  const auto result =
      run_program({"annotate", passages.string(), "-m", (folder.path() / "model").string(),
                   "--english-pipeline", input("en_core_web_sm").string(), "--source", "wordnet", "-o",
                   (folder.path() / "d").string(), "--set", "candidates.server.url=" + server.address()});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.errors, HasSubstr("\\u009b31m\\u202e"));
  EXPECT_EQ(lines_in(result.errors), 1) << result.errors;
  expect_harmless(result.errors);
}

TEST(Terminal, PrintsAConfigurationThatCanBeReadAgain) {
  const TemporaryFolder folder;
  const auto config = folder.write("c.toml",
                                   "name = \"\\u001b[2J\\n\\u009b\\u202e\\u007f\\\"\\\\\"\noutput = \"/r\"\n"
                                   "model.path = \"/m.gguf\"\ncorpus.files = [\"/c.txt\"]\n");
  const auto first = run_program({"check", "--print", config.string()});
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  expect_harmless(first.output);
  EXPECT_THAT(first.output, HasSubstr("name = \"\\u001b[2J\\n\\u009b\\u202e\\u007f\\\"\\\\\"\n"));
  const auto second = run_program({"check", "--print", folder.write("again.toml", first.output).string()});
  EXPECT_EQ(second.output, first.output) << second.errors;
}

TEST(Terminal, HasNoEscapeSequencesButItsOwn) {
  const TemporaryFolder folder;
  write_hostile_dataset(folder.path() / "d");
  std::string shown = on_a_terminal({"inspect", (folder.path() / "d").string()});
  EXPECT_THAT(shown, HasSubstr("A \x1b[1;32mdog\x1b[0m \x1b[1;32m" + kHostileShown + "\x1b[0m runs."));
  for (const std::string own : {"\x1b[1;32m", "\x1b[0m", "\x1b[2m", "\r"})  // the terminal puts \r before \n
    for (std::size_t at = 0; (at = shown.find(own)) != std::string::npos;) shown.erase(at, own.size());
  expect_harmless(shown);
}

/// The lines that are redrawn in place.
std::vector<std::string> redrawn_lines(const std::string& written) {
  const std::string begin = "\r\x1b[K";
  std::vector<std::string> lines;
  for (std::size_t at = written.find(begin); at != written.npos;) {
    const std::size_t first = at + begin.size();
    at = written.find(begin, first);
    const std::string rest = written.substr(first, at - first);
    lines.push_back(rest.substr(0, rest.find_first_of("\r\n")));
  }
  return lines;
}

// A line that wraps is not redrawn in place: it fills the screen.
TEST(Terminal, ProgressStaysWithinALine) {
  const TemporaryFolder folder;
  const auto corpus = folder.write("corpus.txt", tiny_text(40));
  for (const unsigned short columns : {8, 30, 60, 80, 200}) {
    const auto lines =
        redrawn_lines(on_a_terminal({"corpus", corpus.string(), "--passages", "5", "--held-out", "2",
                                     "--overwrite", "-o", (folder.path() / "c").string()},
                                    columns));
    ASSERT_FALSE(lines.empty());
    for (const auto& line : lines) EXPECT_LT(count_code_points(line), columns) << line;
    EXPECT_EQ(lines.back().substr(0, 6), "corpus");
  }
}

}  // namespace
}  // namespace conceptune::test
