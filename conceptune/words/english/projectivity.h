// Undoing the pseudo-projective encoding of trees (Nivre and Nilsson 2005, as in spaCy's nonproj.pyx): a
// label "X||Y" says that the token is an X of some descendant, with relation Y, of the head that the parser
// gave it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace conceptune::words {

/// The two parts of a decorated label, as numbers of labels.
struct Decoration {
  std::uint16_t label;       // X
  std::uint16_t head_label;  // Y
};

/// A forest over a document's tokens; a root is its own head.
struct DependencyForest {
  std::vector<std::int32_t> heads;
  std::vector<std::uint16_t> labels;
};

/// Moves every token with a decorated label to its real head and replaces the label by its first part.
/// `decorations[label]` is set for decorated labels. The forest must be projective; white space is never a
/// head.
void lift_decorated_arcs(DependencyForest& forest, const std::vector<std::optional<Decoration>>& decorations,
                         const std::vector<bool>& is_space);

/// True for the first token of each tree.
std::vector<bool> sentence_starts(const DependencyForest& forest);

}  // namespace conceptune::words
