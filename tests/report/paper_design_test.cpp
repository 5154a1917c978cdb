#include "conceptune/report/paper_design.h"

#include <gtest/gtest.h>

#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

TEST(PaperDesign, FindsMethodsProportionsAndSeeds) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 2, "prompt");
  const Design design(results);
  EXPECT_EQ(design.corpora(), (std::vector<std::string>{"C4", "OpenWebText"}));
  ASSERT_EQ(design.curves().size(), 8U);  // four groups on two corpora
  const DesignCurve& concepts = design.curves()[0];
  EXPECT_EQ(concepts.method, PaperMethod::concepts);
  EXPECT_EQ(concepts.arms.size(), 5U);
  EXPECT_EQ(concepts.arms.at(0.5).size(), 2U);
  EXPECT_EQ(design.curves()[1].method, PaperMethod::noise);
  EXPECT_EQ(design.curves()[1].arms.at(0).front()->group, "concepts")
      << "next-token training is common to all";
  EXPECT_EQ(design.curves()[2].words, 0.5);
  EXPECT_EQ(words_text(design.curves()[3].words), "last word");
  EXPECT_EQ(design.on_all_words(true, true).size(), 4U);
}

TEST(PaperDesign, TellsSourcesThatShareAPlaceApart) {
  auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  for (auto& arm : results.arms)
    if (arm.group == "half of the words") {
      arm.group = "WordNet";
      arm.options["variant"]["words"] = 1.0;
    }
  const Design design(results);
  EXPECT_EQ(design.curves()[0].other, "concepts");
  EXPECT_EQ(design.curves()[2].other, "WordNet");
  EXPECT_EQ(design.curves()[1].other, "");
}

TEST(PaperDesign, SetsAreInDomainByWhatAnArmWasTrainedOn) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  const Design design(results);
  const DesignCurve& on_owt = design.curves()[4];
  ASSERT_EQ(on_owt.corpus, "OpenWebText");
  // Table 6: 30.30 in domain and 32.91 out of it at λ = 1; the base 38.56 and 40.61.
  EXPECT_EQ(*design.seeds_of(on_owt, 1, Design::on_passages("content_perplexity", true))[0]->value.value,
            30.30);
  EXPECT_EQ(*design.seeds_of(on_owt, 1, Design::on_passages("content_perplexity", false))[0]->value.value,
            32.91);
  EXPECT_EQ(*design.base_of(on_owt, Design::on_passages("content_perplexity", true))->value.value, 38.56);
}

TEST(PaperModels, AreKnownByTheirFilesNames) {
  EXPECT_EQ(paper_model_of("Llama-3.2-1B"), "Llama 3.2 1B");
  EXPECT_EQ(paper_model_of("meta-llama_Llama-3.1-8B.Q8_0"), "Llama 3.1 8B");
  EXPECT_FALSE(paper_model_of("Llama-3.2-1B-Instruct"));
  EXPECT_FALSE(paper_model_of("SmolLM2-135M"));
}

}  // namespace
}  // namespace conceptune::report
