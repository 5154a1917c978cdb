// What a template and one rendering of it may take. Whatever passes a limit ends in InputError.
#pragma once

#include <cstddef>
#include <cstdint>

namespace conceptune::jinja {

/// Bytes of a template.
inline constexpr std::size_t kMaxSourceBytes = std::size_t{64} << 10;

/// Expressions or blocks inside one another in a template (operators of one chain among them), lists and
/// dicts inside one another in a value, and loops inside one another, as Python has it.
inline constexpr int kMaxNesting = 100;
inline constexpr int kMaxLoopNesting = 20;

/// Expressions, blocks and macros at work inside one another in a rendering.
inline constexpr int kMaxLevels = 1000;

/// Work of a rendering: a step is an expression evaluated, a round of a loop, an element handled, or
/// kBytesPerStep bytes made or read.
inline constexpr std::size_t kMaxSteps = 1'000'000;
inline constexpr std::size_t kBytesPerStep = 64;

/// Bytes that a rendering holds at a time: the variables, what is made of them, and the output.
inline constexpr std::size_t kMaxBytes = std::size_t{8} << 20;

/// Elements of a range(), as in Jinja's sandbox.
inline constexpr std::int64_t kMaxRange = 100'000;

}  // namespace conceptune::jinja
