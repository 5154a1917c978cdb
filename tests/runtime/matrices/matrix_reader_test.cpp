// Parts of every form of a matrix, as products read them, number by number.
#include "conceptune/runtime/matrices/matrix_reader.h"

#include "conceptune/runtime/kernels/parallel.h"
#include "tests/runtime/model/matrix_forms.h"

namespace conceptune::model {
namespace {

float number(float value) { return value; }
float number(Bf16 half) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(half) << 16U); }

class MatrixReaderTest : public test::MatrixForms {
 protected:
  /// Of W, or of its transpose.
  float expected(Direction direction, std::int64_t row, std::int64_t column) const {
    return direction == Direction::forward ? weight_OI_.row(column)[row] : weight_OI_.row(row)[column];
  }

  template <class Number>
  void expect_part(const MatrixReader& reader, Direction direction, const Range& rows,
                   const Range& columns) const {
    const auto part = reader.part<Number>(rows, columns);
    for (std::int64_t r = 0; r < rows.count; ++r)
      for (std::int64_t c = 0; c < columns.count; ++c)
        ASSERT_EQ(number(part.values[part.transposed ? c * part.leading + r : r * part.leading + c]),
                  expected(direction, rows.first + r, columns.first + c))
            << r << " " << c;
  }

  template <class Number>
  void expect_parts(const MatrixReader& reader, Direction direction) const {
    const std::int64_t out = weight_OI_.rows(), in = weight_OI_.width();
    const bool forward = direction == Direction::forward;
    const auto of = [&](const Range& outs, const Range& ins) {
      expect_part<Number>(reader, direction, forward ? ins : outs, forward ? outs : ins);
    };
    of({0, out}, {0, in});
    of({17, 33}, {512, in - 512});
    of({out - 1, 1}, {256, 256});
  }
};

TEST_F(MatrixReaderTest, GivesPartsOfEveryForm) {
  make_weights(130, 700);
  for (FrozenMatrix matrix : forms())
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      const MatrixReader reader(matrix, direction);
      for (const int tasks : {1, 2})  // on all threads, or in one of them
        kernels::parallel_for(tasks, [&](std::int64_t) {
          expect_parts<float>(reader, direction);
          expect_parts<Bf16>(reader, direction);
        });
    }
}

TEST_F(MatrixReaderTest, ExpandsNothingThatIsHeld) {
  const FrozenMatrix held = weight_OI_, halves = halves_OI_;
  EXPECT_EQ(MatrixReader(held, Direction::backward).part<float>({2, 1}, {3, 1}).values,
            weight_OI_.row(2) + 3);
  EXPECT_EQ(MatrixReader(halves, Direction::forward).part<Bf16>({3, 1}, {2, 1}).values,
            halves_OI_.row(2) + 3);
}

TEST_F(MatrixReaderTest, SaysWherePartsMayBegin) {
  const FrozenMatrix matrix = stored(256);
  const MatrixReader forward(matrix, Direction::forward), backward(matrix, Direction::backward);
  EXPECT_EQ(forward.row_unit(), 256);
  EXPECT_EQ(forward.column_unit(), 1);
  EXPECT_EQ(backward.row_unit(), 1);
  EXPECT_EQ(backward.column_unit(), 256);
}

}  // namespace
}  // namespace conceptune::model
