#include "conceptune/runtime/kernels/onednn.h"

#include <fmt/format.h>

#include <oneapi/dnnl/dnnl_version.h>
#include <array>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels::onednn {
namespace {

using dnnl::memory;

const dnnl::engine& engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc matrix(std::int64_t rows, std::int64_t columns, std::int64_t leading, bool transposed,
                    memory::data_type type) {
  const memory::dims strides = transposed ? memory::dims{1, leading} : memory::dims{leading, 1};
  return {{rows, columns}, type, strides};
}

/// A product made ready for operands of its shapes.
struct Product {
  memory::desc a, b, c;
  dnnl::matmul run;
};

/// Everything that makes a product what it is: dimensions, leading dimensions, transpositions, type, sum.
using Key = std::array<std::int64_t, 10>;

/// oneDNN 3 describes a primitive at once, oneDNN 2 through the description of its operation.
dnnl::matmul::primitive_desc description(const memory::desc& a, const memory::desc& b, const memory::desc& c,
                                         const dnnl::primitive_attr& attributes) {
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), a, b, c, attributes};
#else
  return {{a, b, c}, attributes, engine()};
#endif
}

Product make_product(const Key& key) {
  const auto [rows, columns, inner, a_leading, a_transposed, b_leading, b_transposed, c_leading, type, add] =
      key;
  const auto data_type = static_cast<memory::data_type>(type);
  dnnl::primitive_attr attributes;
  if (add != 0) {
    dnnl::post_ops operations;
    operations.append_sum();
    attributes.set_post_ops(operations);
  }
  Product product{matrix(rows, inner, a_leading, a_transposed != 0, data_type),
                  matrix(inner, columns, b_leading, b_transposed != 0, data_type),
                  matrix(rows, columns, c_leading, false, memory::data_type::f32),
                  {}};
  product.run = dnnl::matmul(description(product.a, product.b, product.c, attributes));
  return product;
}

/// The calling thread's: asking oneDNN again takes some ten microseconds, a good part of a thin product.
const Product& product_of(const Key& key) {
  constexpr std::size_t kMostKept = 128;  // batches differ in their rows, so there is no end of shapes
  static thread_local std::map<Key, Product> kept;
  const auto found = kept.find(key);
  if (found != kept.end()) return found->second;
  if (kept.size() >= kMostKept) kept.clear();
  return kept.emplace(key, make_product(key)).first->second;
}

template <class T>
void multiply(const GemmShape& shape, memory::data_type type, const T& a, const T& b, bool add, float* c,
              std::int64_t c_leading) {
  static thread_local dnnl::stream stream(engine());
  const Product& product =
      product_of({shape.rows, shape.columns, shape.inner, a.leading, a.transposed, b.leading, b.transposed,
                  c_leading, static_cast<std::int64_t>(type), add});
  const auto values = [](const auto* of) { return const_cast<void*>(static_cast<const void*>(of)); };
  product.run.execute(stream, {{DNNL_ARG_SRC, memory(product.a, engine(), values(a.values))},
                               {DNNL_ARG_WEIGHTS, memory(product.b, engine(), values(b.values))},
                               {DNNL_ARG_DST, memory(product.c, engine(), c)}});
  stream.wait();
}

template <class T>
void checked_multiply(const GemmShape& shape, memory::data_type type, const T& a, const T& b, bool add,
                      float* c, std::int64_t c_leading) {
  try {
    multiply(shape, type, a, b, add, c, c_leading);
  } catch (const dnnl::error& error) {
    throw Error(fmt::format("multiplying {} x {} by {} x {}: oneDNN: {}", shape.rows, shape.inner,
                            shape.inner, shape.columns, error.what()));
  }
}

}  // namespace

bool is_built_in() { return true; }

std::string version() {
  const dnnl_version_t* const version = dnnl_version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->patch);
}

bool multiplies_float32() { return active_isa() >= Isa::avx2; }

bool multiplies_bfloat16() { return active_isa() == Isa::avx512bf16; }

void gemm(const GemmShape& shape, const Operand& a, const Operand& b, bool add, float* c,
          std::int64_t c_leading) {
  if (b.transposed) return checked_multiply(shape, memory::data_type::f32, a, b, add, c, c_leading);
  // Its other interface, which is the faster one of the two for this layout.
  const dnnl::status status =
      dnnl::sgemm(a.transposed ? 'T' : 'N', 'N', shape.rows, shape.columns, shape.inner, 1, a.values,
                  a.leading, b.values, b.leading, add ? 1.0F : 0.0F, c, c_leading);
  if (status != dnnl::status::success) throw Error("multiplying matrices: oneDNN's sgemm failed");
}

void gemm(const GemmShape& shape, const Bf16Operand& a, const Bf16Operand& b, bool add, float* c,
          std::int64_t c_leading) {
  checked_multiply(shape, memory::data_type::bf16, a, b, add, c, c_leading);
}

}  // namespace conceptune::kernels::onednn
