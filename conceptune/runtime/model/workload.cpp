#include "conceptune/runtime/model/workload.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <type_traits>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {
namespace {

/// A frozen weight's shape and how often it occurs.
struct CountedShape {
  ProjectionShape shape;
  std::int64_t count;
};

std::vector<CountedShape> matrix_shapes(const weights::ModelConfig& config, bool head) {
  std::vector<CountedShape> shapes;
  shapes.reserve(std::size(kProjections) + 1);
  for (const Projection projection : kProjections)
    shapes.push_back({projection_shape(config, projection), config.layers});
  if (head) shapes.push_back({{config.width, config.vocabulary}, 1});
  return shapes;
}

/// A product with weights of its own, as layers have them: y = x Wᵀ and, for gradients, x = y W. Number is
/// float or Bf16; sums are float32.
template <class Number>
struct Product {
  MatrixOf<Number> x_NI, weight_OI, y_NO;
  Matrix y32_NO, x32_NI;
};

template <class Number>
MatrixOf<Number> random_matrix(std::int64_t rows, std::int64_t width, Random& random) {
  const Matrix numbers(rows, width);
  std::generate_n(numbers.values(), numbers.size(), [&] { return static_cast<float>(random.uniform()); });
  if constexpr (std::is_same_v<Number, float>) {
    return numbers;
  } else {
    Bf16Matrix halves(rows, width);
    round_rows(numbers.values(), width, rows, width, halves.values());
    return halves;
  }
}

template <class Number>
Product<Number> random_product(const ProjectionShape& shape, std::int64_t rows, Random& random) {
  return {random_matrix<Number>(rows, shape.in, random), random_matrix<Number>(shape.out, shape.in, random),
          random_matrix<Number>(rows, shape.out, random), Matrix(rows, shape.out), Matrix(rows, shape.in)};
}

void multiply(const kernels::GemmShape& shape, const kernels::Operand& a, const kernels::Operand& b,
              const Matrix& c) {
  kernels::parallel_gemm(shape, 1, a, b, 0, c.values(), c.width());
}

void multiply(const kernels::GemmShape& shape, const kernels::Bf16Operand& a, const kernels::Bf16Operand& b,
              const Matrix& c) {
  kernels::bf16_gemm(shape, a, b, false, c.values(), c.width());
}

template <class Number>
void run(const Product<Number>& product, bool gradients) {
  using Operand = std::conditional_t<std::is_same_v<Number, float>, kernels::Operand, kernels::Bf16Operand>;
  const std::int64_t rows = product.x_NI.rows(), in = product.weight_OI.width(),
                     out = product.weight_OI.rows();
  const Number* const weight = product.weight_OI.values();
  multiply({rows, out, in}, Operand{product.x_NI.values(), in}, Operand{weight, in, true}, product.y32_NO);
  if (gradients)
    multiply({rows, in, out}, Operand{product.y_NO.values(), out}, Operand{weight, in}, product.x32_NI);
}

template <class Number>
double best_seconds(const std::vector<Product<Number>>& products, int repeats, bool gradients) {
  double best = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat <= repeats; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& product : products) run(product, gradients);
    if (repeat > 0)  // the first warms up
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best / static_cast<double>(products.size());
}

template <class Number>
double product_seconds(const CountedShape& counted, std::int64_t rows, bool gradients, int repeats) {
  constexpr std::int64_t kMostCopies = 4;
  Random random(1);
  std::vector<Product<Number>> products;
  for (std::int64_t i = 0; i < std::min(counted.count, kMostCopies); ++i)
    products.push_back(random_product<Number>(counted.shape, rows, random));
  const kernels::SingleThreadedBlas single_threaded;
  return best_seconds(products, repeats, gradients) * static_cast<double>(counted.count);
}

}  // namespace

double product_flop_per_token(const weights::ModelConfig& config, const ProductWork& work) {
  double weights = 0;
  for (const auto& [shape, count] : matrix_shapes(config, work.head))
    weights += static_cast<double>(shape.in * shape.out * count);
  return (work.gradients ? 4 : 2) * weights;
}

double training_flop_per_token(const weights::ModelConfig& config) {
  return product_flop_per_token(config, {});
}

std::int64_t activation_bytes_per_token(const weights::ModelConfig& config, ProductType products,
                                        bool recompute) {
  const std::int64_t query_width = config.heads * config.head_size,
                     key_width = config.kv_heads * config.head_size;
  std::int64_t values = config.width + query_width + config.heads;  // input, attention and its sums
  if (!recompute) {
    values += config.width + 2 + query_width + 2 * key_width;
    values += products == ProductType::bfloat16 ? (config.mlp_width + 1) / 2 * 2 : 2 * config.mlp_width;
    if (config.qk_norm) values += query_width + key_width + config.heads + config.kv_heads;
  }
  return config.layers * values * static_cast<std::int64_t>(sizeof(float));
}

double product_rate(const weights::ModelConfig& config, std::int64_t rows, ProductType products,
                    const ProductWork& work, int repeats) {
  const auto seconds_of =
      products == ProductType::bfloat16 ? product_seconds<kernels::Bf16> : product_seconds<float>;
  double seconds = 0;
  for (const CountedShape& counted : matrix_shapes(config, work.head))
    seconds += seconds_of(counted, rows, work.gradients, repeats);
  return product_flop_per_token(config, work) * static_cast<double>(rows) / seconds;
}

}  // namespace conceptune::model
