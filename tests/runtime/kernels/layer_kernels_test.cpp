#include "conceptune/runtime/kernels/layer_kernels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/random.h"

namespace conceptune::kernels {
namespace {

std::vector<float> random_values(std::int64_t count, Random& random, double scale = 1) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(scale * random.normal());
  return values;
}

class LayerKernelsOf : public testing::TestWithParam<Isa> {
 protected:
  const LayerKernels& kernels() const { return layer_kernels_of(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Isa, LayerKernelsOf, testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return std::string(name_of(isa.param)); });

TEST_P(LayerKernelsOf, RmsNormAndItsGradient) {
  Random random(1);
  constexpr std::int64_t kRows = 3, kWidth = 37;
  constexpr double kEpsilon = 1e-5;
  const auto x = random_values(kRows * kWidth, random), weight = random_values(kWidth, random),
             d_y = random_values(kRows * kWidth, random);
  std::vector<float> y(kRows * kWidth), scale(kRows), d_x(kRows * kWidth, 2.0F);
  kernels().rms_norm(x.data(), weight.data(), kEpsilon, kRows, kWidth, y.data(), scale.data());
  kernels().rms_norm_backward(d_y.data(), x.data(), weight.data(), scale.data(), kRows, kWidth, d_x.data());
  for (std::int64_t n = 0; n < kRows; ++n) {
    double squares = 0, projection = 0;
    for (std::int64_t d = 0; d < kWidth; ++d) {
      squares += std::pow(x[n * kWidth + d], 2);
      projection += static_cast<double>(weight[d]) * d_y[n * kWidth + d] * x[n * kWidth + d];
    }
    const double s = 1 / std::sqrt(squares / kWidth + kEpsilon);
    for (std::int64_t d = 0; d < kWidth; ++d) {
      const std::int64_t i = n * kWidth + d;
      EXPECT_NEAR(y[i], x[i] * s * weight[d], 1e-5);
      EXPECT_NEAR(d_x[i], 2 + s * weight[d] * d_y[i] - s * s * s * projection / kWidth * x[i], 1e-5);
    }
  }
}

TEST_P(LayerKernelsOf, RotationAndItsInverse) {
  Random random(2);
  constexpr std::int64_t kRows = 3, kHeads = 2, kSize = 10, kPairs = kSize / 2;
  const auto x = random_values(kRows * kHeads * kSize, random);
  std::vector<float> cosine, sine;
  for (int i = 0; i < kRows * kPairs; ++i) {
    cosine.push_back(static_cast<float>(std::cos(0.7 * i)));
    sine.push_back(static_cast<float>(std::sin(0.7 * i)));
  }
  auto y = x;
  kernels().rotate(y.data(), cosine.data(), sine.data(), 1, kRows, kHeads, kSize);
  const std::int64_t head = (1 * kHeads + 1) * kSize, pair = 1 * kPairs + 3;  // row 1, head 1, pair 3
  EXPECT_NEAR(y[head + 3], x[head + 3] * cosine[pair] - x[head + 3 + kPairs] * sine[pair], 1e-6);
  EXPECT_NEAR(y[head + 3 + kPairs], x[head + 3 + kPairs] * cosine[pair] + x[head + 3] * sine[pair], 1e-6);
  kernels().rotate(y.data(), cosine.data(), sine.data(), -1, kRows, kHeads, kSize);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(y[i], x[i], 1e-6);
}

TEST_P(LayerKernelsOf, SwigluAndItsGradient) {
  std::vector<float> gate = {-200, -88, -30, -3, -1, -0.1F, 0, 1e-6F, 0.5F, 2, 20, 87, 89, 200};
  for (int i = 0; i < 40; ++i) gate.push_back(0.37F * static_cast<float>(i) - 7);
  const auto count = static_cast<std::int64_t>(gate.size());
  std::vector<float> up(count, 1.5F), d_product(count, 2.0F), product(count), d_gate(count), d_up(count);
  kernels().swiglu(gate.data(), up.data(), count, product.data());
  kernels().swiglu_backward(d_product.data(), gate.data(), up.data(), count, d_gate.data(), d_up.data());
  for (std::int64_t i = 0; i < count; ++i) {
    const double g = gate[i], sigma = 1 / (1 + std::exp(-g));
    const double tolerance = 1e-6 * (1 + std::abs(g));
    EXPECT_NEAR(product[i], g * sigma * 1.5, tolerance) << g;
    EXPECT_NEAR(d_gate[i], 3 * sigma * (1 + g * (1 - sigma)), 4 * tolerance) << g;
    EXPECT_NEAR(d_up[i], 2 * g * sigma, 2 * tolerance) << g;
  }
}

/// One attention task with all its arrays; two key/value heads lie side by side, the task is the second.
struct Attention {
  Attention(std::int64_t tokens, std::int64_t size, std::int64_t heads)
      : tokens(tokens), size(size), heads(heads) {
    Random random(3);
    for (auto* values : {&q, &d_attended}) *values = random_values(tokens * 2 * heads * size, random, 1.5);
    for (auto* values : {&k, &v}) *values = random_values(tokens * 2 * size, random, 1.5);
    attended.resize(q.size());
    log_sums.resize(tokens * heads);
    d_q.resize(q.size(), 9), d_k.resize(k.size(), 9), d_v.resize(v.size(), 9);
  }

  AttentionTask task() {
    const std::int64_t first = heads * size;
    const auto visible = [](const auto& values) { return values.empty() ? nullptr : values.data(); };
    return {tokens,          size,        heads,    2 * heads * size, 2 * size,
            &q[first],       &k[size],    &v[size], &attended[first], log_sums.data(),
            visible(prefix), visible(own)};
  }
  AttentionGradient gradient() {
    const std::int64_t first = heads * size;
    return {&d_attended[first], &d_q[first], &d_k[size], &d_v[size]};
  }
  std::int64_t query(std::int64_t token, std::int64_t head) const {
    return (token * 2 * heads + heads + head) * size;
  }
  std::int64_t key(std::int64_t token) const { return (token * 2 + 1) * size; }
  bool sees(std::int64_t token, std::int64_t other) const {
    return prefix.empty() || other < prefix[token] || other >= own[token];
  }

  std::int64_t tokens, size, heads;
  std::vector<float> q, k, v, attended, log_sums, d_attended, d_q, d_k, d_v;
  std::vector<std::int32_t> prefix, own;
};

double product(const float* a, const float* b, std::int64_t size) {
  double sum = 0;
  for (std::int64_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

/// Attention and its gradients by their definition, in double precision.
void expect_equals_definition(const Attention& a) {
  std::vector<double> d_k(a.k.size()), d_v(a.v.size());
  const double scale = 1 / std::sqrt(static_cast<double>(a.size));
  for (std::int64_t head = 0; head < a.heads; ++head) {
    for (std::int64_t t = 0; t < a.tokens; ++t) {
      const float *q = &a.q[a.query(t, head)], *d_out = &a.d_attended[a.query(t, head)];
      std::vector<double> shares, out(a.size), d_q(a.size);
      double total = 0, mean = 0;
      for (std::int64_t j = 0; j <= t; ++j)
        shares.push_back(a.sees(t, j) ? std::exp(scale * product(q, &a.k[a.key(j)], a.size)) : 0);
      for (const double share : shares) total += share;
      for (std::int64_t j = 0; j <= t; ++j) {
        shares[j] /= total;
        mean += shares[j] * product(d_out, &a.v[a.key(j)], a.size);
        for (std::int64_t i = 0; i < a.size; ++i) out[i] += shares[j] * a.v[a.key(j) + i];
      }
      for (std::int64_t j = 0; j <= t; ++j) {
        const double d_score = shares[j] * (product(d_out, &a.v[a.key(j)], a.size) - mean) * scale;
        for (std::int64_t i = 0; i < a.size; ++i) {
          d_q[i] += d_score * a.k[a.key(j) + i];
          d_k[a.key(j) + i] += d_score * q[i];
          d_v[a.key(j) + i] += shares[j] * d_out[i];
        }
      }
      for (std::int64_t i = 0; i < a.size; ++i) {
        ASSERT_NEAR(a.attended[a.query(t, head) + i], out[i], 2e-5) << "token " << t;
        ASSERT_NEAR(a.d_q[a.query(t, head) + i], d_q[i], 2e-4) << "token " << t;
      }
    }
  }
  for (std::int64_t t = 0; t < a.tokens; ++t) {
    for (std::int64_t i = a.key(t); i < a.key(t) + a.size; ++i) {
      ASSERT_NEAR(a.d_k[i], d_k[i], 2e-4) << "token " << t;
      ASSERT_NEAR(a.d_v[i], d_v[i], 2e-4) << "token " << t;
      ASSERT_EQ(a.d_k[i - a.size], 9) << "the other head's";
    }
  }
}

TEST_P(LayerKernelsOf, AttentionAndItsGradients) {
  Scratch scratch;
  for (const std::int64_t size : {64, 8, 20}) {
    for (const std::int64_t tokens : {1, 5, 64, 65, 150}) {
      Attention attention(tokens, size, 3);
      kernels().attention(attention.task(), scratch);
      kernels().attention_backward(attention.task(), attention.gradient(), scratch);
      expect_equals_definition(attention);
    }
  }
}

TEST_P(LayerKernelsOf, AttentionOfBranchesSkipsWhatStandsBetween) {
  Scratch scratch;
  Attention attention(150, 20, 3);
  attention.prefix.assign(150, 0);
  attention.own.assign(150, 0);
  for (std::int32_t t = 100; t < 150;
       ++t) {  // ten branches of five tokens; prefixes end in either block of keys
    attention.prefix[t] = 1 + (t - 100) / 5 * 11;
    attention.own[t] = t - t % 5;
  }
  kernels().attention(attention.task(), scratch);
  kernels().attention_backward(attention.task(), attention.gradient(), scratch);
  expect_equals_definition(attention);
}

TEST_P(LayerKernelsOf, AttentionBearsLargeScores) {
  Scratch scratch;
  Attention attention(70, 8, 1);
  for (float& value : attention.q) value *= 100;
  kernels().attention(attention.task(), scratch);
  for (std::int64_t t = 0; t < attention.tokens; ++t) {
    double largest = 0;
    for (std::int64_t j = 0; j <= t; ++j)
      for (std::int64_t i = 0; i < 8; ++i)
        largest = std::max(largest, std::abs(static_cast<double>(attention.v[attention.key(j) + i])));
    for (std::int64_t i = 0; i < 8; ++i)
      ASSERT_LE(std::abs(attention.attended[attention.query(t, 0) + i]), largest * 1.0001);
  }
}

/// Texts after a shared prefix; two key/value heads lie side by side, the task is the second.
struct PrefixAttention {
  PrefixAttention(std::int64_t prefix, std::int64_t size, std::int64_t heads, std::vector<OwnKeys> texts)
      : prefix(prefix), size(size), heads(heads), texts(std::move(texts)) {
    Random random(4);
    std::int64_t tokens = 0, own = 0;
    for (const OwnKeys& text : this->texts) {
      tokens += text.queries;
      own = std::max(own, text.first + text.count);
    }
    q = random_values(tokens * 2 * heads * size, random, 1.5);
    for (auto* values : {&prefix_k, &prefix_v})
      *values = random_values(prefix * 2 * size + size, random, 1.5);
    for (auto* values : {&own_k, &own_v}) *values = random_values(own * 2 * size + size, random, 1.5);
    attended.resize(q.size());
  }

  PrefixAttentionTask task() {
    const std::int64_t first = heads * size;
    return {size,
            heads,
            2 * heads * size,
            2 * size,
            &q[first],
            &attended[first],
            prefix,
            &prefix_k[size],
            &prefix_v[size],
            &own_k[size],
            &own_v[size],
            texts.data(),
            static_cast<std::int64_t>(texts.size())};
  }

  std::int64_t prefix, size, heads;
  std::vector<OwnKeys> texts;
  std::vector<float> q, prefix_k, prefix_v, own_k, own_v, attended;
};

/// Softmax-weighted values by their definition, in double precision.
void expect_equals_definition(const PrefixAttention& a) {
  std::int64_t query = 0;
  for (const OwnKeys& text : a.texts)
    for (std::int64_t t = text.count - text.queries; t < text.count; ++t, ++query)
      for (std::int64_t head = 0; head < a.heads; ++head) {
        const std::int64_t at = (query * 2 * a.heads + a.heads + head) * a.size;
        std::vector<double> out(a.size);
        double total = 0;
        for (std::int64_t j = 0; j < a.prefix + t + 1; ++j) {
          const bool is_own = j >= a.prefix;
          const std::int64_t key = ((is_own ? text.first + j - a.prefix : j) * 2 + 1) * a.size;
          const auto &k = is_own ? a.own_k : a.prefix_k, &v = is_own ? a.own_v : a.prefix_v;
          const double share =
              std::exp(product(&a.q[at], &k[key], a.size) / std::sqrt(static_cast<double>(a.size)));
          total += share;
          for (std::int64_t i = 0; i < a.size; ++i) out[i] += share * v[key + i];
        }
        for (std::int64_t i = 0; i < a.size; ++i)
          ASSERT_NEAR(a.attended[at + i], out[i] / total, 2e-5) << "query " << query << ", head " << head;
      }
}

TEST_P(LayerKernelsOf, PrefixAttention) {
  Scratch scratch;
  const std::vector<std::vector<OwnKeys>> texts = {
      {{0, 1, 1}},                                            // a text's first token
      {{3, 70, 1}, {100, 5, 1}, {0, 3, 1}},                   // one more token each
      {{0, 150, 150}},                                        // a whole text
      {{7, 90, 30}},                                          // a piece of one
      {{0, 2, 2}, {2, 100, 100}, {110, 64, 1}, {180, 66, 3}}  // all sorts, across blocks of rows
  };
  for (const std::int64_t size : {64, 20})
    for (const std::int64_t prefix : {0, 1, 64, 130})
      for (const auto& of_task : texts) {
        PrefixAttention attention(prefix, size, 3, of_task);
        kernels().prefix_attention(attention.task(), scratch);
        expect_equals_definition(attention);
      }
}

}  // namespace
}  // namespace conceptune::kernels
