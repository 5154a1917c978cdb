#include "conceptune/base/misplaced_product.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

TEST(MisplacedProduct, SaysWhatIsThereAndWhatIsExpected) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("concepts/dataset.json", "{}");
  const auto dataset = file.parent_path();
  EXPECT_EQ(misplaced_product(dataset, ProductKind::adapter),
            "is a concept dataset, expected the folder of an adapter, as conceptune train makes them");
  EXPECT_EQ(misplaced_product(dataset, ProductKind::model),
            "is a concept dataset, expected a .gguf file or a folder with config.json");
  EXPECT_EQ(misplaced_product(file, ProductKind::dataset),
            "is a file, expected the folder of a concept dataset, as conceptune annotate makes them");
  EXPECT_EQ(misplaced_product(folder.path(), ProductKind::results),
            "expected the folder of an evaluation, as conceptune eval makes them");
  EXPECT_EQ(misplaced_product(folder.path() / "none", ProductKind::run), "No such file or directory");
}

}  // namespace
}  // namespace conceptune
