#include "conceptune/experiment/corpus_label.h"

#include <gtest/gtest.h>

namespace conceptune::experiment {
namespace {

TEST(CorpusLabel, IsTheFilesNameUpToItsFirstDot) {
  EXPECT_EQ(corpus_label("data/c4.jsonl.gz"), "c4");
  EXPECT_EQ(corpus_label("news"), "news");
}

}  // namespace
}  // namespace conceptune::experiment
