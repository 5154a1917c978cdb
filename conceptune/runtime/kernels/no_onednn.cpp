// What stands in for oneDNN where the program is built without it (cmake/Dependencies.cmake).
#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/onednn.h"

namespace conceptune::kernels::onednn {
namespace {

[[noreturn]] void refuse() { throw Error("multiplying matrices: this program was built without oneDNN"); }

}  // namespace

bool is_built_in() { return false; }
std::string version() { return {}; }
bool multiplies_float32() { return false; }
bool multiplies_bfloat16() { return false; }

void gemm(const GemmShape&, const Operand&, const Operand&, bool, float*, std::int64_t) { refuse(); }
void gemm(const GemmShape&, const Bf16Operand&, const Bf16Operand&, bool, float*, std::int64_t) { refuse(); }

}  // namespace conceptune::kernels::onednn
