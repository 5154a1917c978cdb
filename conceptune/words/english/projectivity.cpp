#include "conceptune/words/english/projectivity.h"

#include <algorithm>

namespace conceptune::words {
namespace {

std::size_t index(std::int32_t token) { return static_cast<std::size_t>(token); }

/// First and last token of each token's subtree.
struct Extents {
  std::vector<std::int32_t> first, last;

  explicit Extents(const std::vector<std::int32_t>& heads) : first(heads.size()), last(heads.size()) {
    std::vector<std::int32_t> open_children(heads.size());
    std::vector<std::int32_t> ready;
    for (std::size_t t = 0; t < heads.size(); ++t) {
      first[t] = last[t] = static_cast<std::int32_t>(t);
      if (index(heads[t]) != t) ++open_children[index(heads[t])];
    }
    for (std::size_t t = 0; t < heads.size(); ++t)
      if (open_children[t] == 0) ready.push_back(static_cast<std::int32_t>(t));
    while (!ready.empty()) {
      const std::int32_t token = ready.back();
      ready.pop_back();
      const std::int32_t head = heads[index(token)];
      if (head == token) continue;
      first[index(head)] = std::min(first[index(head)], first[index(token)]);
      last[index(head)] = std::max(last[index(head)], last[index(token)]);
      if (--open_children[index(head)] == 0) ready.push_back(head);
    }
  }
};

/// The real head of a token: the first descendant of its present head, breadth first, with relation
/// `head_label`. The present head when there is none. The extents are those before any arc was moved.
std::int32_t find_head(const DependencyForest& forest, const Extents& extents,
                       const std::vector<bool>& is_space, std::int32_t token, std::uint16_t head_label) {
  std::vector<std::int32_t> queue = {forest.heads[index(token)]};
  while (!queue.empty()) {
    std::vector<std::int32_t> next_queue;
    for (const std::int32_t parent : queue) {
      for (std::int32_t child = extents.first[index(parent)]; child <= extents.last[index(parent)]; ++child) {
        if (child == parent || forest.heads[index(child)] != parent) continue;
        if (child == token || is_space[index(child)]) continue;
        if (forest.labels[index(child)] == head_label) return child;
        next_queue.push_back(child);
      }
    }
    queue = std::move(next_queue);
  }
  return forest.heads[index(token)];
}

}  // namespace

void lift_decorated_arcs(DependencyForest& forest, const std::vector<std::optional<Decoration>>& decorations,
                         const std::vector<bool>& is_space) {
  std::optional<Extents> extents;
  for (std::size_t t = 0; t < forest.heads.size(); ++t) {
    const auto& decoration = decorations[forest.labels[t]];
    if (!decoration) continue;
    if (!extents) extents.emplace(forest.heads);
    forest.heads[t] =
        find_head(forest, *extents, is_space, static_cast<std::int32_t>(t), decoration->head_label);
    forest.labels[t] = decoration->label;
  }
}

std::vector<bool> sentence_starts(const DependencyForest& forest) {
  std::vector<std::int32_t> roots(forest.heads.size(), -1);
  std::vector<bool> root_seen(forest.heads.size());
  std::vector<bool> starts(forest.heads.size());
  std::vector<std::int32_t> path;
  for (std::size_t t = 0; t < forest.heads.size(); ++t) {
    auto token = static_cast<std::int32_t>(t);
    while (roots[index(token)] < 0 && forest.heads[index(token)] != token) {
      path.push_back(token);
      token = forest.heads[index(token)];
    }
    const std::int32_t root = roots[index(token)] < 0 ? token : roots[index(token)];
    roots[index(token)] = root;
    for (const std::int32_t below : path) roots[index(below)] = root;
    path.clear();
    starts[t] = !root_seen[index(root)];
    root_seen[index(root)] = true;
  }
  return starts;
}

}  // namespace conceptune::words
