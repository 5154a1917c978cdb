// File names made of names that people gave.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace conceptune {

/// A name as a part of a file name: ASCII letters, digits and -_.= stay, every other byte becomes '-'. Of a
/// long name the first 48 bytes and eight digits of its digest are left, so that three parts and an ending
/// fit the 255 bytes that file systems take. Different names may give the same part; whoever needs different
/// files adds a digest.
std::string file_part(std::string_view name);

/// What a file or folder is called: the last name of a path without endings that say a format, so that
/// "models/Llama-3.2-1B" is "Llama-3.2-1B" and "data/c4.jsonl.gz" is "c4".
std::string file_label(const std::filesystem::path& path);

}  // namespace conceptune
