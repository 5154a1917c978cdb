#include "conceptune/corpus/sampler.h"

#include <charconv>

#include "conceptune/base/random.h"

namespace conceptune::corpus {

void PassageSampler::add(const std::string& text) {
  std::string id = passage_id(text);
  std::uint64_t hash = 0;
  std::from_chars(id.data(), id.data() + id.size(), hash, 16);
  const std::uint64_t mixed = Random(seed_ ^ hash).next();
  if (kept_.size() == capacity_ && !kept_.empty() && mixed > kept_.rbegin()->first.first) return;
  insert({mixed, std::move(id)}, text, 1);
}

void PassageSampler::merge(PassageSampler&& other) {
  for (auto& [priority, entry] : other.kept_) insert(priority, std::move(entry.text), entry.copies);
}

void PassageSampler::insert(Priority priority, std::string text, std::int64_t copies) {
  if (const auto found = kept_.find(priority); found != kept_.end()) {
    found->second.copies += copies;
    return;
  }
  kept_.emplace(std::move(priority), Entry{std::move(text), copies});
  if (kept_.size() > capacity_) kept_.erase(std::prev(kept_.end()));
}

std::vector<Passage> PassageSampler::passages() const {
  std::vector<Passage> sample;
  sample.reserve(kept_.size());
  for (const auto& [priority, entry] : kept_) sample.push_back({priority.second, entry.text});
  return sample;
}

std::int64_t PassageSampler::duplicates() const {
  std::int64_t copies = 0;
  for (const auto& [priority, entry] : kept_) copies += entry.copies - 1;
  return copies;
}

}  // namespace conceptune::corpus
