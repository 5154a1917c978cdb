// The texts of configs/prompts/, compiled in.
#pragma once

namespace conceptune::concepts {

extern const char* const kPaperPrompt;
extern const char* const kPassageFirstPrompt;
extern const char* const kYesNoPrompt;

}  // namespace conceptune::concepts
