#include "conceptune/corpus/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <future>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/document_format.h"
#include "conceptune/corpus/sampler.h"

namespace conceptune::corpus {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view kDoing = "sampling corpus";
constexpr std::string_view kCard = "corpus.json";

/// What one reader found.
struct Findings {
  PassageSampler sampler;
  CorpusCounts counts;
};

struct CorpusFile {
  fs::path path;
  DocumentFormat format;  // never automatic
};

/// What the readers share: which file is next, how far they are, whether to give up.
struct SharedWork {
  const std::vector<CorpusFile>& files;
  std::stop_token stop;
  std::atomic<std::size_t> next_file{0};
  std::atomic<std::int64_t> documents{0};
  std::atomic<bool> failed{false};
};

void sample_file(const CorpusFile& file, const CorpusOptions& options, SharedWork& work, Findings& findings) {
  const auto documents = open_documents(file.path, file.format, options.text_key);
  auto& counts = findings.counts;
  for (std::string text; documents->next(text);) {
    ++counts.read;
    work.documents.fetch_add(1, std::memory_order_relaxed);
    if (work.stop.stop_requested()) throw Interrupted("sampling the corpus was stopped");
    if (work.failed.load(std::memory_order_relaxed)) return;
    const auto characters = static_cast<std::int64_t>(count_code_points(text));
    if (characters <= options.longer_than)
      ++counts.too_short;
    else if (characters >= options.shorter_than)
      ++counts.too_long;
    else
      findings.sampler.add(text);
  }
}

Findings sample_files(const CorpusOptions& options, SharedWork& work) {
  Findings findings{{static_cast<std::size_t>(options.passages + options.held_out), options.seed}, {}};
  try {
    for (;;) {
      const std::size_t index = work.next_file.fetch_add(1);
      if (index >= work.files.size() || work.failed) return findings;
      sample_file(work.files[index], options, work, findings);
    }
  } catch (...) {
    work.failed = true;
    throw;
  }
}

void add_counts(CorpusCounts& total, const CorpusCounts& counts) {
  total.read += counts.read;
  total.too_short += counts.too_short;
  total.too_long += counts.too_long;
}

/// Says what was made of the files whose names tell no format, if there are any.
void tell_guesses(const std::vector<CorpusFile>& guessed, DocumentFormat format, std::string_view what) {
  std::vector<const CorpusFile*> files;
  for (const auto& file : guessed)
    if (file.format == format) files.push_back(&file);
  if (files.empty()) return;
  const std::string first = files.front()->path.string();
  inform(fmt::format(
      "{} taken for {}, as the name does not tell (format = \"{}\" says so, or another)",
      files.size() == 1 ? first + " is" : fmt::format("{} files such as {} are", files.size(), first), what,
      name_of(format)));
}

std::vector<CorpusFile> files_of(const CorpusOptions& options) {
  std::vector<CorpusFile> files, guessed;
  for (auto& path : expand_files(options.files)) {
    FormatChoice choice{options.format, false};
    if (options.format == DocumentFormat::automatic) choice = choose_format(path, options.text_key);
    files.push_back({std::move(path), choice.format});
    if (choice.is_guess) guessed.push_back(files.back());
  }
  if (files.empty()) throw InputError(kDoing, "files", "none named, expected at least one");
  tell_guesses(guessed, DocumentFormat::lines, "plain text, a document a line");
  tell_guesses(guessed, DocumentFormat::jsonl, "JSON lines");
  return files;
}

Findings read_everything(const CorpusOptions& options, ProgressObserver* observer, std::stop_token stop) {
  const auto files = files_of(options);
  SharedWork work{files, stop};
  std::vector<std::future<Findings>> readers;
  const auto count = std::min<std::size_t>(static_cast<std::size_t>(options.readers), files.size());
  for (std::size_t i = 0; i < count; ++i)
    readers.push_back(std::async(std::launch::async, [&] { return sample_files(options, work); }));
  Progress progress(observer, "corpus", 0, "documents");
  for (auto& reader : readers)
    while (reader.wait_for(50ms) != std::future_status::ready) progress.add(work.documents - progress.done());
  progress.add(work.documents - progress.done());
  Findings all = readers.front().get();
  for (std::size_t i = 1; i < readers.size(); ++i) {
    Findings further = readers[i].get();
    add_counts(all.counts, further.counts);
    all.sampler.merge(std::move(further.sampler));
  }
  return all;
}

/// How many of the sampled passages are held out: all asked for, or their share when there are too few, but
/// one at least, and one that is not.
std::size_t held_out_size(std::size_t sampled, const CorpusOptions& options) {
  const auto wanted = static_cast<std::size_t>(options.passages + options.held_out);
  if (sampled >= wanted) return static_cast<std::size_t>(options.held_out);
  warn(fmt::format("the corpus has {} passages of allowed length, fewer than the {} asked for", sampled,
                   wanted));
  if (options.held_out == 0) return 0;
  if (sampled == 1)
    throw InputError(
        kDoing, options.files.front().string(),
        "the corpus has 1 passage, expected at least one to train on and one to hold out (or held_out = 0)");
  const std::size_t share = sampled * static_cast<std::size_t>(options.held_out) / wanted;
  return std::clamp<std::size_t>(share, 1, sampled - 1);
}

Json card_of(const CorpusSample& sample, const CorpusOptions& options) {
  const auto& counts = sample.counts;
  return {{"format", "conceptune-passages"},
          {"version", 1},
          {"options", options_to_json(options)},
          {"counts",
           {{"read", counts.read},
            {"too_short", counts.too_short},
            {"too_long", counts.too_long},
            {"duplicates", counts.duplicates},
            {"train", sample.train.size()},
            {"validation", sample.validation.size()},
            {"held_out", sample.held_out.size()}}}};
}

struct Part {
  const char* file;
  std::vector<Passage> CorpusSample::*passages;
};
constexpr Part kParts[] = {{"train.jsonl", &CorpusSample::train},
                           {"validation.jsonl", &CorpusSample::validation},
                           {"held-out.jsonl", &CorpusSample::held_out}};

}  // namespace

CorpusSample sample_corpus(const CorpusOptions& options, ProgressObserver* observer, std::stop_token stop) {
  options.check(
      [](const char* field, const std::string& problem) { throw InputError(kDoing, field, problem); });
  const Findings found = read_everything(options, observer, stop);
  auto passages = found.sampler.passages();
  if (passages.empty())
    throw InputError(kDoing, options.files.front().string(),
                     fmt::format("no document with more than {} and fewer than {} characters among {}",
                                 options.longer_than, options.shorter_than, found.counts.read));
  CorpusSample sample;
  sample.counts = found.counts;
  sample.counts.duplicates = found.sampler.duplicates();
  // Held out first: it stays the same when more or fewer passages are asked for.
  const auto begin = std::make_move_iterator(passages.begin());
  const auto held_out = static_cast<std::ptrdiff_t>(held_out_size(passages.size(), options));
  const auto rest = static_cast<std::ptrdiff_t>(passages.size()) - held_out;
  const auto validation =
      std::min<std::ptrdiff_t>(std::llround(options.validation_fraction * static_cast<double>(rest)),
                               rest - 1);  // one is left to train on
  sample.held_out.assign(begin, begin + held_out);
  sample.validation.assign(begin + held_out, begin + held_out + validation);
  sample.train.assign(begin + held_out + validation, std::make_move_iterator(passages.end()));
  return sample;
}

void write_sample(const Destination& folder, const CorpusSample& sample, const CorpusOptions& options) {
  AtomicFolder output(folder, ProductKind::corpus);
  for (const auto& part : kParts)
    if (const auto& passages = sample.*part.passages; !passages.empty())
      write_passages(output.path() / part.file, passages);
  write_file_atomically(output.path() / kCard, to_json_text(card_of(sample, options), 2) + "\n");
  output.commit();
}

CorpusSample read_sample(const fs::path& folder) {
  const Json card = read_json_file(folder / kCard, "reading passages");
  CorpusSample sample;
  try {
    if (card.at("format") != "conceptune-passages" || card.at("version") != 1)
      throw InputError("reading passages", (folder / kCard).string(),
                       "expected format conceptune-passages, version 1");
    const Json& counts = card.at("counts");
    sample.counts = {counts.at("read"), counts.at("too_short"), counts.at("too_long"),
                     counts.at("duplicates")};
  } catch (const nlohmann::json::exception& error) {
    throw InputError("reading passages", (folder / kCard).string(), error.what());
  }
  for (const auto& part : kParts)
    if (fs::exists(folder / part.file)) sample.*part.passages = read_passages(folder / part.file);
  return sample;
}

}  // namespace conceptune::corpus
