// The model card of an adapter.
#include "conceptune/runtime/model/adapter_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/peer_python.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::model {
namespace {

using testing::HasSubstr;
using testing::Not;

const Json kIndex = Json::parse(R"([{"name": "λ: 0.5", "results": [{
    "task": {"type": "sentence-similarity"}, "dataset": {"name": "men", "type": "men"},
    "metrics": [{"type": "spearman", "name": "Spearman", "value": 0.25}]}]}])");

TEST(AdapterCard, TellsHubsNamesFromPaths) {
  for (const char* name : {"org/base", "HuggingFaceTB/SmolLM2-135M-Instruct", "a_b/c.d-3"})
    EXPECT_TRUE(is_hub_name(name)) << name;
  for (const char* name : {"", "base", "/work/base", "a/b/c", "a/", "../base", "./base", "a/b c", "a: b/c"})
    EXPECT_FALSE(is_hub_name(name)) << name;
}

TEST(AdapterCard, NamesTheBaseToHubsOnlyWhereTheyKnowIt) {
  EXPECT_THAT(card_text({"org/base", ""}), HasSubstr("---\nbase_model: \"org/base\"\n"));
  EXPECT_THAT(card_text({"/models/base", ""}), Not(HasSubstr("base_model:")));
}

TEST(AdapterCard, SaysHowToLoadIt) {
  EXPECT_THAT(card_text({"org/base", ""}), HasSubstr("AutoTokenizer.from_pretrained(\"org/base\")"));
  EXPECT_THAT(card_text({"/models/base", ""}), HasSubstr("AutoTokenizer.from_pretrained(\"/models/base\")"));
  EXPECT_THAT(card_text({"/models/base.gguf", ""}), HasSubstr("AutoTokenizer.from_pretrained(\"BASE\")"));
}

TEST(AdapterCard, GivesItsDescriptionBack) {
  const std::string description =
      "The end of the run: step 7.\n\n## Training\n| | |\n|---|---|\n| seed | 1 |\n";
  EXPECT_EQ(description_in(card_text({"org/base", description})), description);
  EXPECT_EQ(description_in(card_text({"org/base", description, "| a |\n", kIndex})), description);
  EXPECT_EQ(description_in(card_text({"org/base", ""})), "");
  EXPECT_EQ(description_in("# Another's card\n"), "");
}

TEST(AdapterCardReference, IsReadByTheHubsLibrary) {
  CONCEPTUNE_REQUIRE_PEER_PYTHON();
  const test::TemporaryFolder folder;
  const auto with = folder.path() / "with.md", without = folder.path() / "without.md";
  write_file_atomically(with, card_text({"org/base", "text", "| a |\n", kIndex}));
  write_file_atomically(without, card_text({"/models/base", "text"}));
  EXPECT_TRUE(test::run_peer_script("check_model_card.py", with.string() + " org/base men spearman 0.25"));
  EXPECT_TRUE(test::run_peer_script("check_model_card.py", without.string()));
}

}  // namespace
}  // namespace conceptune::model
