// The files of page/, compiled in.
#pragma once

namespace conceptune::concepts {

extern const char* const kPageStyle;
extern const char* const kPageBody;
extern const char* const kPageScript;  // all scripts, one after the other

}  // namespace conceptune::concepts
