#include "conceptune/runtime/model/workload.h"

#include <chrono>
#include <limits>

namespace conceptune::model {
namespace {

/// A frozen weight's shape and how often it occurs.
struct CountedShape {
  ProjectionShape shape;
  std::int64_t count;
};

std::vector<CountedShape> matrix_shapes(const weights::ModelConfig& config) {
  std::vector<CountedShape> shapes;
  for (const Projection projection : kProjections)
    shapes.push_back({projection_shape(config, projection), config.layers});
  shapes.push_back({{config.width, config.vocabulary}, 1});
  return shapes;
}

double best_product_seconds(const ProjectionShape& shape, std::int64_t rows, at::ScalarType type) {
  constexpr int kRepeats = 3;
  const at::Tensor weight_OI = at::rand({shape.out, shape.in}, at::kFloat).to(type),
                   x_NI = at::rand({rows, shape.in}, at::kFloat).to(type);
  at::Tensor y_NO = at::mm(x_NI, weight_OI.t()), d_x_NI = at::mm(y_NO, weight_OI);  // warm
  double best = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const auto begin = std::chrono::steady_clock::now();
    at::mm_out(y_NO, x_NI, weight_OI.t());
    at::mm_out(d_x_NI, y_NO, weight_OI);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace

double training_flop_per_token(const weights::ModelConfig& config) {
  double weights = 0;
  for (const auto& [shape, count] : matrix_shapes(config))
    weights += static_cast<double>(shape.in * shape.out * count);
  return 4 * weights;
}

std::int64_t activation_bytes_per_token(const weights::ModelConfig& config, bool recompute) {
  const std::int64_t query_width = config.heads * config.head_size,
                     key_width = config.kv_heads * config.head_size;
  std::int64_t values = config.width + query_width + config.heads;  // input, attention and its sums
  if (!recompute) {
    values += config.width + 2 + query_width + 2 * key_width + 2 * config.mlp_width;
    if (config.qk_norm) values += query_width + key_width + config.heads + config.kv_heads;
  }
  return config.layers * values * static_cast<std::int64_t>(sizeof(float));
}

double product_rate(const weights::ModelConfig& config, std::int64_t rows, at::ScalarType type) {
  const at::NoGradGuard no_autograd;
  double seconds = 0;
  for (const auto& [shape, count] : matrix_shapes(config))
    seconds += best_product_seconds(shape, rows, type) * static_cast<double>(count);
  return training_flop_per_token(config) * static_cast<double>(rows) / seconds;
}

}  // namespace conceptune::model
