#include "tests/support/compressed.h"

#include <archive.h>
#include <archive_entry.h>

#include <stdexcept>

namespace conceptune::test {

std::string compressed(std::string_view content, const std::string& compression) {
  std::string result(content.size() * 2 + (std::size_t{1} << 16), '\0');
  std::size_t used = 0;
  archive* out = archive_write_new();
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  bool good = archive_write_add_filter_by_name(out, compression.c_str()) == ARCHIVE_OK;
  good = good && archive_write_set_format_raw(out) == ARCHIVE_OK;
  // Blocks of one byte: nothing is padded.
  good = good && archive_write_set_bytes_per_block(out, 1) == ARCHIVE_OK;
  good = good && archive_write_open_memory(out, result.data(), result.size(), &used) == ARCHIVE_OK;
  good = good && archive_write_header(out, entry) == ARCHIVE_OK;
  good = good &&
         archive_write_data(out, content.data(), content.size()) == static_cast<la_ssize_t>(content.size());
  good = good && archive_write_close(out) == ARCHIVE_OK;
  archive_entry_free(entry);
  archive_write_free(out);
  if (!good) throw std::runtime_error("libarchive cannot compress");
  result.resize(used);
  return result;
}

}  // namespace conceptune::test
