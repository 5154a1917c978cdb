#include "conceptune/runtime/kernels/gemm.h"

#include <dlfcn.h>
#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>

#include "conceptune/runtime/kernels/onednn.h"
#include "conceptune/runtime/kernels/parallel.h"

// The reference BLAS interface (netlib), column-major.
// NOLINTNEXTLINE(readability-identifier-naming): its own name
extern "C" void sgemm_(const char* a_transposed, const char* b_transposed, const int* rows,
                       const int* columns, const int* inner, const float* alpha, const float* a,
                       const int* a_leading, const float* b, const int* b_leading, const float* beta,
                       float* c, const int* c_leading);

namespace conceptune::kernels {
namespace {

Operand columns_from(const Operand& b, std::int64_t column) {
  return {b.values + (b.transposed ? column * b.leading : column), b.leading, b.transposed};
}

Operand rows_from(const Operand& a, std::int64_t row) {
  return {a.values + (a.transposed ? row : row * a.leading), a.leading, a.transposed};
}

/// Size of a part when `total` is split over the threads, in multiples of 16 so that rows stay aligned alike.
std::int64_t part_of(std::int64_t total) {
  const std::int64_t threads = thread_count();
  return std::max<std::int64_t>(16, ((total + threads - 1) / threads + 15) / 16 * 16);
}

/// Thinner products are not for oneDNN.
bool is_large(const GemmShape& shape) {
  constexpr std::int64_t kLeast = 48;
  return std::min({shape.rows, shape.columns, shape.inner}) >= kLeast;
}

/// Columns (few rows) or rows (many) split over the threads.
void split_gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta, float* c,
                std::int64_t c_leading) {
  const bool by_rows = shape.rows >= shape.columns;
  const std::int64_t total = by_rows ? shape.rows : shape.columns, part = part_of(total);
  parallel_for((total + part - 1) / part, [&](std::int64_t i) {
    const std::int64_t begin = i * part, size = std::min(part, total - begin);
    if (by_rows)
      gemm({size, shape.columns, shape.inner}, alpha, rows_from(a, begin), b, beta, c + begin * c_leading,
           c_leading);
    else
      gemm({shape.rows, size, shape.inner}, alpha, a, columns_from(b, begin), beta, c + begin, c_leading);
  });
}

/// OpenBLAS's own thread count, where it is the BLAS in use.
struct OpenBlasThreads {
  int (*get)() = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  void (*set)(int) = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  std::mutex mutex;
  int holders = 0, before = 1;
};

OpenBlasThreads& openblas_threads() {
  static OpenBlasThreads threads;
  return threads;
}

/// OpenBLAS takes a work space for each thread that multiplies, and asks for it for ever where it is refused.
/// Asked for here first, so that there is an error instead.
void check_work_space() {
  constexpr std::size_t kBytes = std::size_t{128} << 20;  // its BUFFER_SIZE on x86-64
  if (!openblas_threads().get) return;
  const std::size_t bytes = kBytes * static_cast<std::size_t>(thread_count());
  void* const space = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (space == MAP_FAILED) throw std::bad_alloc();
  ::munmap(space, bytes);
}

}  // namespace

void gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta, float* c,
          std::int64_t c_leading) {
  if (shape.rows == 0 || shape.columns == 0) return;
  static std::once_flag checked;
  std::call_once(checked, check_work_space);
  const auto to_int = [](std::int64_t value) { return static_cast<int>(value); };
  // Row-major c = a b is column-major cᵀ = bᵀ aᵀ.
  const int rows = to_int(shape.columns), columns = to_int(shape.rows), inner = to_int(shape.inner);
  const int a_leading = to_int(a.leading), b_leading = to_int(b.leading), leading = to_int(c_leading);
  sgemm_(b.transposed ? "T" : "N", a.transposed ? "T" : "N", &rows, &columns, &inner, &alpha, b.values,
         &b_leading, a.values, &a_leading, &beta, c, &leading);
}

void parallel_gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta,
                   float* c, std::int64_t c_leading) {
  const bool plain_sum = alpha == 1 && (beta == 0 || beta == 1);
  if (plain_sum && is_large(shape) && onednn::multiplies_float32())
    return onednn::gemm(shape, a, b, beta == 1, c, c_leading);
  split_gemm(shape, alpha, a, b, beta, c, c_leading);
}

bool multiplies_bf16() { return onednn::multiplies_bfloat16(); }

void bf16_gemm(const GemmShape& shape, const Bf16Operand& a, const Bf16Operand& b, bool add, float* c,
               std::int64_t c_leading) {
  if (shape.rows > 0 && shape.columns > 0) onednn::gemm(shape, a, b, add, c, c_leading);
}

SingleThreadedBlas::SingleThreadedBlas() {
  OpenBlasThreads& threads = openblas_threads();
  const std::scoped_lock lock(threads.mutex);
  if (!threads.get || !threads.set || threads.holders++ > 0) return;
  threads.before = threads.get();
  threads.set(1);
}

SingleThreadedBlas::~SingleThreadedBlas() {
  OpenBlasThreads& threads = openblas_threads();
  const std::scoped_lock lock(threads.mutex);
  if (threads.get && threads.set && --threads.holders == 0) threads.set(threads.before);
}

}  // namespace conceptune::kernels
