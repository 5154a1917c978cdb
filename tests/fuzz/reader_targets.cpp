// The readers of corpora, benchmarks and compressed files.
#include <stdexcept>
#include <string>
#include <vector>

#include "conceptune/base/byte_source.h"
#include "conceptune/base/utf8.h"
#include "conceptune/corpus/documents.h"
#include "conceptune/evaluation/benchmarks/benchmarks.h"
#include "conceptune/evaluation/benchmarks/choice_files.h"
#include "tests/fuzz/fuzzed_files.h"
#include "tests/fuzz/targets.h"

namespace conceptune::fuzz {
namespace {

bool read_corpus(std::span<const std::byte> bytes, corpus::DocumentFormat format) {
  const MemoryFile file(bytes);
  return accepted([&] {
    const auto documents = corpus::open_documents(file.path(), format, "text");
    for (std::string text; documents->next(text);)
      if (first_invalid_utf8(text)) throw std::logic_error("a document is not valid UTF-8");
  });
}

}  // namespace

bool read_corpus_json(std::span<const std::byte> bytes) {
  return read_corpus(bytes, corpus::DocumentFormat::jsonl);
}

bool read_corpus_table(std::span<const std::byte> bytes) {
  read_corpus(bytes, corpus::DocumentFormat::tsv);
  read_corpus(bytes, corpus::DocumentFormat::unquoted_tsv);
  return read_corpus(bytes, corpus::DocumentFormat::csv);
}

bool read_pair_benchmark(std::span<const std::byte> bytes) {
  const MemoryFile file(bytes);
  accepted([&] { evaluation::read_pair_benchmark(file.path(), evaluation::PairColumns{"1", "2", "3"}); });
  return accepted([&] { evaluation::read_pair_benchmark(file.path()); });
}

bool read_choice_file(std::span<const std::byte> bytes) {
  using evaluation::ChoiceTask;
  const MemoryFile file(bytes);
  bool any = false;
  for (const auto task :
       {ChoiceTask::arc_easy, ChoiceTask::openbookqa, ChoiceTask::hellaswag, ChoiceTask::winogrande})
    any |= accepted([&] { evaluation::read_choice_task(task, file.path()); });
  return any;
}

bool read_compressed(std::span<const std::byte> bytes) {
  constexpr std::size_t kEnough = std::size_t{1} << 23;
  const MemoryFile file(bytes);
  return accepted([&] {
    const auto source = open_byte_source(file.path(), "fuzzing");
    std::vector<char> block(1000);
    for (std::size_t done = 0; done < kEnough;) {
      const std::size_t n = source->read(block.data(), block.size());
      if (n == 0) return;
      done += n;
    }
  });
}

}  // namespace conceptune::fuzz
