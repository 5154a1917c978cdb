#include "conceptune/runtime/kernels/onednn.h"

#include <fmt/format.h>

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

template <class T>
void multiply(const GemmShape& shape, memory::data_type type, const T& a, const T& b, bool add, float* c,
              std::int64_t c_leading) {
  const memory::desc a_desc = matrix(shape.rows, shape.inner, a.leading, a.transposed, type),
                     b_desc = matrix(shape.inner, shape.columns, b.leading, b.transposed, type),
                     c_desc = matrix(shape.rows, shape.columns, c_leading, false, memory::data_type::f32);
  dnnl::primitive_attr attributes;
  if (add) {
    dnnl::post_ops operations;
    operations.append_sum();
    attributes.set_post_ops(operations);
  }
  // oneDNN keeps what it compiled for a shape; asking again takes some ten microseconds.
  const dnnl::matmul product({{a_desc, b_desc, c_desc}, attributes, engine()});
  const auto values = [](const auto* of) { return const_cast<void*>(static_cast<const void*>(of)); };
  dnnl::stream stream(engine());
  product.execute(stream, {{DNNL_ARG_SRC, memory(a_desc, engine(), values(a.values))},
                           {DNNL_ARG_WEIGHTS, memory(b_desc, engine(), values(b.values))},
                           {DNNL_ARG_DST, memory(c_desc, engine(), c)}});
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
