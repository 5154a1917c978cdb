// A random Llama model of a few thousand numbers with a small English vocabulary, as a Hugging Face folder,
// and text that its tokenizer knows. For tests of the whole path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace conceptune::test {

/// Writes config.json, tokenizer.json and model.safetensors into `folder`. Whole words of tiny_text() are
/// single tokens.
void write_tiny_model(const std::filesystem::path& folder, std::uint64_t seed = 1);

/// `documents` different lines of simple English sentences, each between 60 and 400 characters.
std::string tiny_text(int documents, std::uint64_t seed = 1);

}  // namespace conceptune::test
