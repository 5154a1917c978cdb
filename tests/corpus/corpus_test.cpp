#include "conceptune/corpus/corpus.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/messages.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::corpus {
namespace {

using test::TemporaryFolder;

std::string document(int number, std::size_t characters) {
  std::string text = fmt::format("document {} ", number);
  text.resize(characters, 'x');
  return text;
}

std::string numbered_documents(int first, int count) {
  std::string content;
  for (int i = 0; i < count; ++i) content += document(first + i, 60) + "\n";
  return content;
}

std::set<std::string> ids_of(const std::vector<Passage>& passages) {
  std::set<std::string> ids;
  for (const auto& passage : passages) ids.insert(passage.id);
  return ids;
}

TEST(Corpus, KeepsLengthsStrictlyBetweenTheLimits) {
  const TemporaryFolder folder;
  // Lengths count characters: the last document is 51 characters but 102 bytes.
  std::string wide;
  for (int i = 0; i < 51; ++i) wide += "é";
  const auto path =
      folder.write("c.txt", document(1, 50) + "\n" + document(2, 51) + "\n" + document(3, 1999) + "\n" +
                                document(4, 2000) + "\n" + wide + "\n");
  CorpusOptions options{.files = {path}, .passages = 3, .held_out = 0};
  const auto sample = sample_corpus(options);
  EXPECT_EQ(ids_of(sample.train),
            (std::set{passage_id(document(2, 51)), passage_id(document(3, 1999)), passage_id(wide)}));
  EXPECT_EQ(sample.counts.read, 5);
  EXPECT_EQ(sample.counts.too_short, 1);
  EXPECT_EQ(sample.counts.too_long, 1);
}

TEST(Corpus, SplitsAreDisjointAndOfTheSizesAskedFor) {
  const TemporaryFolder folder;
  const std::string content = numbered_documents(0, 200);
  const auto path = folder.write("c.txt", content + content);
  CorpusOptions options{.files = {path}, .passages = 100, .held_out = 30, .validation_fraction = 0.1};
  const auto sample = sample_corpus(options);
  EXPECT_EQ(sample.train.size(), 90U);
  EXPECT_EQ(sample.validation.size(), 10U);
  EXPECT_EQ(sample.held_out.size(), 30U);
  EXPECT_EQ(sample.counts.duplicates, 130);
  auto all = ids_of(sample.train);
  all.merge(ids_of(sample.validation));
  all.merge(ids_of(sample.held_out));
  EXPECT_EQ(all.size(), 130U);
}

TEST(Corpus, HeldOutStaysWhenMorePassagesAreAskedFor) {
  const TemporaryFolder folder;
  CorpusOptions options{
      .files = {folder.write("c.txt", numbered_documents(0, 200))}, .passages = 50, .held_out = 30};
  const auto held_out = sample_corpus(options).held_out;
  options.passages = 120;
  EXPECT_EQ(sample_corpus(options).held_out, held_out);
}

TEST(Corpus, DoesNotDependOnTheNumberOfReaders) {
  const TemporaryFolder folder;
  for (int i = 0; i < 7; ++i) folder.write(fmt::format("{}.txt", i), numbered_documents(100 * i, 120));
  CorpusOptions options{.files = {folder.path() / "*.txt"}, .passages = 60, .held_out = 40};
  const auto expected = sample_corpus(options);
  options.readers = 4;
  const auto sample = sample_corpus(options);
  EXPECT_EQ(sample.train, expected.train);
  EXPECT_EQ(sample.held_out, expected.held_out);
  EXPECT_EQ(sample.counts.read, 840);
  EXPECT_EQ(sample.counts.duplicates, expected.counts.duplicates);
}

/// What is said while `options` are sampled, warnings or messages alone.
std::vector<std::string> messages_of(const CorpusOptions& options, Severity severity) {
  std::vector<std::string> messages;
  const auto before = set_message_sink([&](Severity of, std::string_view message) {
    if (of == severity) messages.emplace_back(message);
  });
  sample_corpus(options);
  set_message_sink(before);
  return messages;
}

TEST(Corpus, TellsWhatItGuessed) {
  const TemporaryFolder folder;
  const auto text = folder.write("c.txt", numbered_documents(0, 30));
  folder.write("d.txt", numbered_documents(30, 30));
  const auto objects = folder.write("part-0", "{\"text\": \"" + document(60, 60) + "\"}\n");
  const auto told = [](const CorpusOptions& options) { return messages_of(options, Severity::info); };
  EXPECT_EQ(told({.files = {text}, .passages = 10, .held_out = 0}),
            std::vector{text.string() +
                        " is taken for plain text, a document a line, as the name does not tell (format = "
                        "\"lines\" says so, or another)"});
  EXPECT_EQ(told({.files = {folder.path() / "*"}, .passages = 10, .held_out = 0}),
            (std::vector{"2 files such as " + text.string() +
                             " are taken for plain text, a document a line, as the name does "
                             "not tell (format = \"lines\" says so, or another)",
                         objects.string() +
                             " is taken for JSON lines, as the name does not tell (format = \"jsonl\" says "
                             "so, or another)"}));
  EXPECT_TRUE(
      told({.files = {text}, .format = DocumentFormat::lines, .passages = 10, .held_out = 0}).empty());
  EXPECT_TRUE(told({.files = {folder.write("a.jsonl", "{\"text\": \"" + document(60, 60) + "\"}\n")},
                    .passages = 1,
                    .held_out = 0})
                  .empty());
}

TEST(Corpus, SharesOutWhatThereIs) {
  const TemporaryFolder folder;
  std::string warning;
  const auto before = set_message_sink([&](Severity severity, std::string_view message) {
    if (severity == Severity::warning) warning = message;
  });
  CorpusOptions options{
      .files = {folder.write("c.txt", numbered_documents(0, 30))}, .passages = 200, .held_out = 100};
  const auto sample = sample_corpus(options);
  set_message_sink(before);
  EXPECT_EQ(sample.train.size(), 20U);
  EXPECT_EQ(sample.held_out.size(), 10U);
  EXPECT_EQ(warning, "the corpus has 30 passages of allowed length, fewer than the 300 asked for");
}

TEST(Corpus, LeavesNoPartThatIsAskedForEmpty) {
  const TemporaryFolder folder;
  CorpusOptions options{.files = {folder.write("c.txt", numbered_documents(0, 30))},
                        .passages = 100'000,
                        .held_out = 4,
                        .validation_fraction = 0.9};
  EXPECT_EQ(sample_corpus(options).held_out.size(), 1U);
  options.files = {folder.write("c.txt", numbered_documents(0, 2))};
  for (const auto& [passages, held_out] : {std::pair{1, 100'000}, {100'000, 1}}) {
    options.passages = passages;
    options.held_out = held_out;
    const auto sample = sample_corpus(options);
    EXPECT_EQ(sample.train.size(), 1U);
    EXPECT_EQ(sample.held_out.size(), 1U);
  }
  options.files = {folder.write("c.txt", numbered_documents(0, 1))};
  EXPECT_THROW(sample_corpus(options), InputError);
  options.held_out = 0;
  EXPECT_EQ(sample_corpus(options).train.size(), 1U);
}

TEST(Corpus, RefusesACorpusWithoutPassages) {
  const TemporaryFolder folder;
  const CorpusOptions options{.files = {folder.write("c.txt", "short\nshort too\n")}};
  try {
    sample_corpus(options);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("c.txt: no document with more than 50 and fewer than 2000 characters among 2"),
              std::string::npos)
        << error.what();
  }
  EXPECT_THROW(sample_corpus({.files = {folder.write("empty.txt", "")}}), InputError);
  EXPECT_THROW(sample_corpus({}), InputError);
}

TEST(Corpus, ReportsAReadersError) {
  const TemporaryFolder folder;
  folder.write("a.txt", numbered_documents(0, 5000));
  folder.write("b.txt", "bad \xff\n");
  EXPECT_THROW(sample_corpus({.files = {folder.path() / "*.txt"}, .readers = 2}), InputError);
}

TEST(Corpus, StopsWhenAsked) {
  const TemporaryFolder folder;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(
      sample_corpus({.files = {folder.write("c.txt", numbered_documents(0, 5))}}, nullptr, stop.get_token()),
      Interrupted);
}

TEST(Corpus, ReadsWhatItWrote) {
  const TemporaryFolder folder;
  CorpusOptions options{
      .files = {folder.write("c.txt", numbered_documents(0, 50))}, .passages = 40, .held_out = 10};
  const auto sample = sample_corpus(options);
  write_sample(folder.path() / "out", sample, options);
  const auto read = read_sample(folder.path() / "out");
  EXPECT_EQ(read.train, sample.train);
  EXPECT_EQ(read.held_out, sample.held_out);
  EXPECT_TRUE(read.validation.empty());
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/validation.jsonl"));
  const Json card = read_json_file(folder.path() / "out/corpus.json", "test");
  EXPECT_EQ(card["options"]["passages"], 40);
  EXPECT_EQ(card["counts"]["held_out"], 10);
}

TEST(Corpus, SamplesC4) {
  const auto path = test::shared("data/corpora/c4_sample.jsonl.gz");
  CONCEPTUNE_REQUIRE(path);
  const auto sample = sample_corpus({.files = {path}, .passages = 100, .held_out = 50});
  EXPECT_EQ(sample.counts.read, 650);
  EXPECT_EQ(sample.train.size(), 100U);
  EXPECT_EQ(sample.held_out.size(), 50U);
}

}  // namespace
}  // namespace conceptune::corpus
