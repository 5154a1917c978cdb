#include "conceptune/runtime/model/workload.h"

#include <chrono>
#include <limits>

#include "conceptune/runtime/kernels/gemm.h"

namespace conceptune::model {
namespace {

/// A frozen weight's shape and how often it occurs.
struct CountedShape {
  ProjectionShape shape;
  std::int64_t count;
};

std::vector<CountedShape> matrix_shapes(const weights::ModelConfig& config, bool head) {
  std::vector<CountedShape> shapes;
  for (const Projection projection : kProjections)
    shapes.push_back({projection_shape(config, projection), config.layers});
  if (head) shapes.push_back({{config.width, config.vocabulary}, 1});
  return shapes;
}

/// A product with weights of its own, as layers have them: y = x Wᵀ and, for gradients, x = y W.
struct Product {
  at::Tensor x_NI, weight_OI, y_NO, y32_NO, x32_NI;
};

Product random_product(const ProjectionShape& shape, std::int64_t rows, at::ScalarType type) {
  const auto random = [&](std::int64_t height, std::int64_t width) {
    return at::rand({height, width}, at::kFloat).to(type);
  };
  const Product product = {random(rows, shape.in), random(shape.out, shape.in), random(rows, shape.out),
                           at::empty({rows, shape.out}), at::empty({rows, shape.in})};
  return product;
}

void by_libtorch(const Product& product, bool gradients) {
  at::Tensor y_NO = product.y_NO, x_NI = product.x_NI;
  at::mm_out(y_NO, x_NI, product.weight_OI.t());
  if (gradients) at::mm_out(x_NI, y_NO, product.weight_OI);
}

/// As the fused layers do it: sums in float32.
void by_kernels(const Product& product, bool gradients) {
  const std::int64_t rows = product.x_NI.size(0), in = product.weight_OI.size(1),
                     out = product.weight_OI.size(0);
  float *y32 = product.y32_NO.data_ptr<float>(), *x32 = product.x32_NI.data_ptr<float>();
  const auto run = [&](const auto* x, const auto* weight, const auto* y, const auto& multiply) {
    multiply({rows, out, in}, {x, in}, {weight, in, true}, y32, out);
    if (gradients) multiply({rows, in, out}, {y, out}, {weight, in}, x32, in);
  };
  if (product.x_NI.scalar_type() == at::kBFloat16) {
    const auto values = [](const at::Tensor& tensor) {
      return static_cast<const std::uint16_t*>(tensor.data_ptr());
    };
    run(values(product.x_NI), values(product.weight_OI), values(product.y_NO),
        [](const kernels::GemmShape& shape, const kernels::Bf16Operand& a, const kernels::Bf16Operand& b,
           float* c, std::int64_t leading) { kernels::bf16_gemm(shape, a, b, false, c, leading); });
  } else {
    run(product.x_NI.data_ptr<float>(), product.weight_OI.data_ptr<float>(), product.y_NO.data_ptr<float>(),
        [](const kernels::GemmShape& shape, const kernels::Operand& a, const kernels::Operand& b, float* c,
           std::int64_t leading) { kernels::parallel_gemm(shape, 1, a, b, 0, c, leading); });
  }
}

double best_seconds(const std::vector<Product>& products, int repeats, bool gradients,
                    void (*multiply)(const Product&, bool)) {
  double best = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat <= repeats; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    for (const Product& product : products) multiply(product, gradients);
    if (repeat > 0)  // the first warms up
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best / static_cast<double>(products.size());
}

double product_seconds(const CountedShape& counted, std::int64_t rows, at::ScalarType type, bool gradients,
                       int repeats) {
  constexpr std::int64_t kMostCopies = 4;
  std::vector<Product> products;
  for (std::int64_t i = 0; i < std::min(counted.count, kMostCopies); ++i)
    products.push_back(random_product(counted.shape, rows, type));
  double best = best_seconds(products, repeats, gradients, by_libtorch);
  if (type == at::kFloat || (type == at::kBFloat16 && kernels::multiplies_bf16())) {
    const kernels::SingleThreadedBlas single_threaded;
    best = std::min(best, best_seconds(products, repeats, gradients, by_kernels));
  }
  return best * static_cast<double>(counted.count);
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

double product_rate(const weights::ModelConfig& config, std::int64_t rows, at::ScalarType type,
                    const ProductWork& work, int repeats) {
  const at::NoGradGuard no_autograd;
  double seconds = 0;
  for (const CountedShape& counted : matrix_shapes(config, work.head))
    seconds += product_seconds(counted, rows, type, work.gradients, repeats);
  return product_flop_per_token(config, work) * static_cast<double>(rows) / seconds;
}

}  // namespace conceptune::model
