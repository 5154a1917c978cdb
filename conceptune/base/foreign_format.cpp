#include "conceptune/base/foreign_format.h"

namespace conceptune {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  ForeignFormat format;
};

constexpr std::string_view kConvertTable =
    "convert it to JSON lines, for example with Python's pandas: to_json(NEW, orient=\"records\", "
    "lines=True)";
constexpr std::string_view kUnpack = "unpack it, or pack its files as a tar archive";
constexpr std::string_view kRecompress = "compress it with gzip, zstd, xz or bzip2 instead";
constexpr std::string_view kExtract = "extract its text";

// UTF-32's mark begins with UTF-16's, so it stands before it.
constexpr Magic kMagics[] = {
    {"\xff\xfe\0\0"sv, {"UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"}},
    {"\0\0\xfe\xff"sv, {"UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"}},
    {"\xff\xfe"sv, {"UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"}},
    {"\xfe\xff"sv, {"UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"}},
    {"PAR1\x15"sv, {"a Parquet file", kConvertTable}},
    {"ARROW1\0"sv, {"an Arrow or Feather file", kConvertTable}},
    {"\xff\xff\xff\xff"sv, {"an Arrow stream", kConvertTable}},
    {"Obj\x01"sv, {"an Avro file", kConvertTable}},
    {"\x89HDF\r\n\x1a\n"sv, {"an HDF5 file", kConvertTable}},
    {"\x93NUMPY"sv, {"a NumPy array", kConvertTable}},
    {"SQLite format 3\0"sv, {"an SQLite database", kConvertTable}},
    {"PK\x03\x04"sv, {"a ZIP archive (or an office document)", kUnpack}},
    {"PK\x05\x06"sv, {"an empty ZIP archive", kUnpack}},
    {"7z\xbc\xaf\x27\x1c"sv, {"a 7z archive", kUnpack}},
    {"Rar!\x1a\x07"sv, {"a RAR archive", kUnpack}},
    {"\x04\x22\x4d\x18"sv, {"a file compressed with lz4", kRecompress}},
    {"\xff\x06\0\0sNaPpY"sv, {"a file compressed with snappy", kRecompress}},
    {"\x1f\x9d"sv, {"a file compressed with compress", kRecompress}},
    {"\x1f\x8b"sv, {"a gzip file within a compressed one", "decompress it once"}},
    {"\x28\xb5\x2f\xfd"sv, {"a zstd file within a compressed one", "decompress it once"}},
    {"%PDF-"sv, {"a PDF document", kExtract}},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, {"an old office document", kExtract}},
    {"GGUF\x02\0"sv, {"a GGUF model", "name a file of texts"}},
    {"GGUF\x03\0"sv, {"a GGUF model", "name a file of texts"}},
    {"version https://git-lfs.github.com/spec/"sv,
     {"a pointer that Git LFS left in the file's place", "fetch the file: git lfs pull"}},
};

}  // namespace

bool is_tar(std::string_view first_bytes) {
  constexpr std::size_t kPlace = 257;
  return first_bytes.size() > kPlace && first_bytes.substr(kPlace).starts_with("ustar");
}

std::optional<ForeignFormat> foreign_format(std::string_view first_bytes) {
  for (const auto& [bytes, format] : kMagics)
    if (first_bytes.starts_with(bytes)) return format;
  if (is_tar(first_bytes)) return ForeignFormat{"a tar archive", "name it .tar, or unpack it"};
  return std::nullopt;
}

}  // namespace conceptune
