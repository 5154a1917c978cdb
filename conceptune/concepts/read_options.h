// Which options a source reads: what of the models an annotation needs, and what was set in vain.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/concepts/annotate_options.h"

namespace conceptune::concepts {

/// Whether the source that the options choose reads one of them, by its key below [annotation].
bool reads(const AnnotateOptions& options, std::string_view key);

/// Whether drafts must come with what a model expects in the words' places.
bool needs_candidates(const AnnotateOptions& options);

/// Whether the model that gives the tokens runs the passages: for candidates, where no server gives them, or
/// for the source itself.
bool runs_passages(const AnnotateOptions& options);

/// Whether the source puts prompts to another model than that, here.
bool asks_another_model(const AnnotateOptions& options);

/// Whether these options need the weights of the model that gives the tokens: it runs the passages, or is
/// asked by prompts.
bool needs_model(const AnnotateOptions& options);

/// The keys below [annotation] at which any of these options differs from its default though the source of
/// none of them reads it; each once.
std::vector<std::string> unread_options(std::span<const AnnotateOptions> annotations);

/// One warning that names them, with `prefix` before each, if there are any.
void warn_of_unread_options(std::span<const AnnotateOptions> annotations, std::string_view doing,
                            std::string_view prefix = "");

}  // namespace conceptune::concepts
