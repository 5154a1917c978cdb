// A seeded uniform sample of the distinct passages of a corpus, in one pass and constant memory.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/corpus/passage.h"

namespace conceptune::corpus {

/// Keeps the `capacity` passages whose content hash, mixed with the seed, is smallest ("bottom-k" sampling).
/// The sample is uniform over distinct texts and does not depend on the order of the documents, on copies, or
/// on how many readers share the work.
class PassageSampler {
 public:
  PassageSampler(std::size_t capacity, std::uint64_t seed) : capacity_(capacity), seed_(seed) {}

  /// Offers one text, valid UTF-8.
  void add(const std::string& text);
  /// Offers everything that `other`, of the same capacity and seed, was offered.
  void merge(PassageSampler&& other);

  /// The sample in random order, which depends on the seed and the texts alone: any prefix is itself a
  /// uniform sample, and a larger capacity keeps it.
  std::vector<Passage> passages() const;
  /// How many copies of the sampled passages were dropped.
  std::int64_t duplicates() const;

 private:
  using Priority = std::pair<std::uint64_t, std::string>;  // mixed hash; the id settles ties
  struct Entry {
    std::string text;
    std::int64_t copies;
  };

  void insert(Priority priority, std::string text, std::int64_t copies);

  std::size_t capacity_;
  std::uint64_t seed_;
  std::map<Priority, Entry> kept_;
};

}  // namespace conceptune::corpus
