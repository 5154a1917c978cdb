// From passages to a concept dataset: tokens, tags, content words, candidates, synonyms; batch by batch, so
// that a killed run goes on where it was.
#pragma once

#include <span>
#include <stop_token>
#include <string>

#include "conceptune/base/progress.h"
#include "conceptune/concepts/annotate_options.h"
#include "conceptune/concepts/annotation_models.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/corpus/passage.h"

namespace conceptune::concepts {

/// The part of the work that one machine of several does: batches of passages [n·i/count, n·(i+1)/count).
struct Shard {
  std::int64_t index = 0;
  std::int64_t count = 1;
};

/// Annotates the passages and writes the dataset folder `output`, which appears when all is done. Finished
/// batches are kept beside it meanwhile: interrupted at any moment and called again, it goes on from them and
/// gives the same bytes. Throws as check_folder_destination(), and InputError when there are no passages,
/// another process writes the same output, or what is kept was made of something else; Interrupted when asked
/// to stop.
DatasetStatistics annotate(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                           const AnnotationModels& models, const Destination& output,
                           ProgressObserver* observer = nullptr, std::stop_token stop = {},
                           const Shard& shard = {});

/// Annotates what a shard's batches lack and keeps them beside `output`, where annotate() of the whole goes
/// on from them. Several processes may do different shards of one output at once, on several machines; that
/// each shard is done by one is the caller's care. Throws as annotate().
void annotate_part(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                   const AnnotationModels& models, const std::filesystem::path& output, const Shard& shard,
                   ProgressObserver* observer = nullptr, std::stop_token stop = {});

/// Whether all batches of a shard are kept beside `output`.
bool has_part(std::size_t passages, const AnnotateOptions& options, const std::filesystem::path& output,
              const Shard& shard);

/// A source of the caller's own.
struct OwnSource {
  std::string name;  // of the dataset's card; none of SourceKind's
  const ConceptSource& source;
  bool needs_candidates = false;  // whether its drafts come with what the model would say
};

/// The same with a source of the caller's own in place of the one that the options choose.
DatasetStatistics annotate(std::span<const corpus::Passage> passages, const AnnotateOptions& options,
                           const AnnotationModels& models, const OwnSource& source, const Destination& output,
                           ProgressObserver* observer = nullptr, std::stop_token stop = {},
                           const Shard& shard = {});

}  // namespace conceptune::concepts
