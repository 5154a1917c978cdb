// The files of page/, compiled in.
#pragma once

namespace conceptune::report {

extern const char* const kPageFrame;   // the whole page, with {{title}} and the like where parts come
extern const char* const kPageStyle;   // for screens and for paper
extern const char* const kPageScript;  // all scripts, one after the other, in one scope

}  // namespace conceptune::report
