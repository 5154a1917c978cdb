#include "conceptune/runtime/kernels/attention_kernels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/kernels/matrices.h"

namespace conceptune::kernels {
namespace {

using test::random_values;

/// One version of the kernels, and how far its results may be from their definition.
struct Version {
  std::string name;
  const AttentionKernels* kernels;
  double value_bound, gradient_bound;
  double weight_bound;  // of the softmax's sum
};

std::vector<Version> versions() {
  std::vector<Version> versions;
  for (const Isa isa : supported_isas()) {
    versions.push_back({std::string(name_of(isa)), &attention_kernels_of(isa), 2e-5, 2e-4, 1e-4});
    // Operands are rounded to 8 bits: values up to some 5, gradients up to some 30.
    if (isa == Isa::avx512bf16)
      versions.push_back({"bf16_products", &attention_kernels(true), 0.05, 0.3, 0.01});
  }
  return versions;
}

class AttentionKernelsOf : public testing::TestWithParam<Version> {
 protected:
  const AttentionKernels& kernels() const { return *GetParam().kernels; }
};
INSTANTIATE_TEST_SUITE_P(Version, AttentionKernelsOf, testing::ValuesIn(versions()),
                         [](const auto& version) { return version.param.name; });

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
void expect_equals_definition(const Attention& a, const Version& version) {
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
        ASSERT_NEAR(a.attended[a.query(t, head) + i], out[i], version.value_bound) << "token " << t;
        ASSERT_NEAR(a.d_q[a.query(t, head) + i], d_q[i], version.gradient_bound) << "token " << t;
      }
    }
  }
  for (std::int64_t t = 0; t < a.tokens; ++t) {
    for (std::int64_t i = a.key(t); i < a.key(t) + a.size; ++i) {
      ASSERT_NEAR(a.d_k[i], d_k[i], version.gradient_bound) << "token " << t;
      ASSERT_NEAR(a.d_v[i], d_v[i], version.gradient_bound) << "token " << t;
      ASSERT_EQ(a.d_k[i - a.size], 9) << "the other head's";
    }
  }
}

TEST_P(AttentionKernelsOf, AttentionAndItsGradients) {
  Scratch scratch;
  for (const std::int64_t size : {64, 8, 20}) {
    for (const std::int64_t tokens : {1, 5, 64, 65, 150}) {
      Attention attention(tokens, size, 3);
      kernels().forward(attention.task(), scratch);
      kernels().backward(attention.task(), attention.gradient(), scratch);
      expect_equals_definition(attention, GetParam());
    }
  }
}

TEST_P(AttentionKernelsOf, AttentionOfBranchesSkipsWhatStandsBetween) {
  Scratch scratch;
  Attention attention(150, 20, 3);
  attention.prefix.assign(150, 0);
  attention.own.assign(150, 0);
  for (std::int32_t t = 100; t < 150;
       ++t) {  // ten branches of five tokens; prefixes end in either block of keys
    attention.prefix[t] = 1 + (t - 100) / 5 * 11;
    attention.own[t] = t - t % 5;
  }
  kernels().forward(attention.task(), scratch);
  kernels().backward(attention.task(), attention.gradient(), scratch);
  expect_equals_definition(attention, GetParam());
}

TEST_P(AttentionKernelsOf, AttentionBearsLargeScores) {
  Scratch scratch;
  Attention attention(70, 8, 1);
  for (float& value : attention.q) value *= 100;
  kernels().forward(attention.task(), scratch);
  for (std::int64_t t = 0; t < attention.tokens; ++t) {
    double largest = 0;
    for (std::int64_t j = 0; j <= t; ++j)
      for (std::int64_t i = 0; i < 8; ++i)
        largest = std::max(largest, std::abs(static_cast<double>(attention.v[attention.key(j) + i])));
    for (std::int64_t i = 0; i < 8; ++i)
      ASSERT_LE(std::abs(attention.attended[attention.query(t, 0) + i]),
                largest * (1 + GetParam().weight_bound));
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
void expect_equals_definition(const PrefixAttention& a, const Version& version) {
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
          ASSERT_NEAR(a.attended[at + i], out[i] / total, version.value_bound)
              << "query " << query << ", head " << head;
      }
}

TEST_P(AttentionKernelsOf, PrefixAttention) {
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
        kernels().to_prefix(attention.task(), scratch);
        expect_equals_definition(attention, GetParam());
      }
}

}  // namespace
}  // namespace conceptune::kernels
