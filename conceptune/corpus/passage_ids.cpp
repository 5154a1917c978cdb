#include "conceptune/corpus/passage_ids.h"

#include <fmt/format.h>

#include <string_view>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/corpus/passage.h"

namespace conceptune::corpus {
namespace {

constexpr std::string_view kDoing = "reading ids of passages";

bool is_passage_id(std::string_view text) {
  return text.size() == kPassageIdDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void write_passage_ids(const std::filesystem::path& path, const PassageIds& ids) {
  AtomicFile file(path);
  for (const auto& id : ids) file.write(id + "\n");
  file.commit();
}

PassageIds read_passage_ids(const std::filesystem::path& path) {
  LineReader lines(path, kDoing);
  PassageIds ids;
  for (std::string line; lines.next(line);) {
    if (!is_passage_id(line))
      throw InputError(kDoing, lines.where(),
                       fmt::format("expected {} hexadecimal digits", kPassageIdDigits));
    ids.insert(std::move(line));
  }
  return ids;
}

}  // namespace conceptune::corpus
