"""Golden values of the reader of adapters, from peft: adapters as it writes them, and what they do to a model's logits.

usage: python -P make_adapter_golden.py OUT_DIR     (torch, transformers, peft, scipy; OUT_DIR is tests/reference/adapters;
                                                     -P, because statistics.py here has the name of a module of Python)

Writes, for the small model tests/reference/model/llama3,
  CASE/                adapters of plain LoRA in every form of settings that is understood, with random matrices
  golden.safetensors   `tokens`, and "CASE": the logits with that adapter
  settings.json        adapter_config.json of peft's methods, as changes of the `default`: `accepted`, which are plain
                       LoRA when loaded, and `refused`, each with the name of the setting that says so
Versions used: torch 2.15, transformers 5.24, peft 0.21.2, on one thread.
"""
import json
import pathlib
import shutil
import sys
import tempfile

import peft
import torch
import transformers
from peft.tuners.lora.config import ArrowConfig, BdLoraConfig, CordaConfig, KasaConfig, LoraGAConfig, MontecloraConfig, VeloraConfig
from safetensors.torch import load_file, save_file

BASE = pathlib.Path(__file__).parent / "model" / "llama3"
PLAIN = ["q_proj", "v_proj"]

CASES = {
    "plain": dict(target_modules=PLAIN),
    "pattern": dict(target_modules=r".*\.self_attn\.(q|v)_proj"),
    "suffix": dict(target_modules=["self_attn.q_proj", "mlp.down_proj"]),
    "full_names": dict(target_modules=["model.layers.0.self_attn.q_proj", "model.layers.1.mlp.up_proj"]),
    "all_linear": dict(target_modules="all-linear"),
    "excluded": dict(target_modules=["q_proj", "k_proj"], exclude_modules=["layers.1.self_attn.q_proj"]),
    "one_layer": dict(target_modules=PLAIN, layers_to_transform=[1], layers_pattern="layers"),
    "ranks": dict(target_modules=PLAIN + ["mlp.up_proj"], rank_pattern={"v_proj": 5, "^model.layers.0.self_attn.q_proj": 2},
                  alpha_pattern={r"layers\.1\.self_attn.q_proj": 11, "up_proj": 3}),
    "stabilised": dict(target_modules=PLAIN, use_rslora=True, rank_pattern={"v_proj": 5}, alpha_pattern={"q_proj": 7}),
}

ACCEPTED = {
    "random": dict(init_lora_weights=False),
    "gaussian": dict(init_lora_weights="gaussian"),
    "eva": dict(init_lora_weights="eva", eva_config=peft.EvaConfig()),
    "orthogonal": dict(init_lora_weights="orthogonal"),
    "mica": dict(init_lora_weights="mica"),
    "dropout": dict(lora_dropout=0.1, task_type="CAUSAL_LM", revision="main", base_model_name_or_path="org/base"),
}

REFUSED = {
    "pissa": ("init_lora_weights", dict(init_lora_weights="pissa")),
    "pissa_fast": ("init_lora_weights", dict(init_lora_weights="pissa_niter_4")),
    "olora": ("init_lora_weights", dict(init_lora_weights="olora")),
    "corda": ("init_lora_weights", dict(init_lora_weights="corda", corda_config=CordaConfig())),
    "loftq": ("init_lora_weights", dict(init_lora_weights="loftq", loftq_config=dict(loftq_bits=4, loftq_iter=1))),
    "lora_ga": ("init_lora_weights", dict(init_lora_weights="lora_ga", lora_ga_config=LoraGAConfig())),
    "dora": ("use_dora", dict(use_dora=True)),
    "bias": ("bias", dict(bias="lora_only")),
    "lora_bias": ("lora_bias", dict(lora_bias=True)),
    "transposed": ("fan_in_fan_out", dict(fan_in_fan_out=True)),
    "saved_modules": ("modules_to_save", dict(modules_to_save=["lm_head"])),
    "replicated": ("layer_replication", dict(layer_replication=[(0, 2), (1, 2)])),
    "tokens": ("trainable_token_indices", dict(trainable_token_indices=[1, 2])),
    "parameters": ("target_parameters", dict(target_parameters=["mlp.gate_proj.weight"])),
    "alora": ("alora_invocation_tokens", dict(alora_invocation_tokens=[3, 4], task_type="CAUSAL_LM")),
    "qalora": ("use_qalora", dict(use_qalora=True)),
    "bdlora": ("use_bdlora", dict(use_bdlora=BdLoraConfig(target_modules_bd_a=["q_proj"], nblocks=2))),
    "arrow": ("arrow_config", dict(arrow_config=ArrowConfig())),
    "velora": ("velora_config", dict(velora_config=VeloraConfig())),
    "monteclora": ("monteclora_config", dict(monteclora_config=MontecloraConfig())),
    "kasa": ("kasa_config", dict(kasa_config=KasaConfig())),
    "megatron": ("megatron_config", dict(megatron_config=dict(hidden_size=8))),
    "tied": ("ensure_weight_tying", dict(ensure_weight_tying=True)),
    "regular_ranks": ("rank_pattern", dict(rank_pattern={r"layers\.(0|1)\.self_attn.q_proj": 8})),
}


def base_model():
    return transformers.AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32).eval()


def randomise(model, generator):
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = 0.2 * torch.randn(parameter.shape, generator=generator)


def save(model, folder, **options):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, **options)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = "llama3"  # not this machine's path
    for key in ("target_modules", "exclude_modules"):
        if isinstance(config[key], list):
            config[key].sort()
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")


def logits_of(folder, tokens):
    with torch.no_grad():
        return peft.PeftModel.from_pretrained(base_model(), folder).eval()(input_ids=tokens[None]).logits[0]


def converted_pissa(out, generator):
    """An adapter that began with a part of the base, made plain LoRA by peft after a change in training."""
    model = peft.get_peft_model(base_model(), peft.LoraConfig(r=3, lora_alpha=5, target_modules=PLAIN,
                                                               init_lora_weights="pissa", task_type="CAUSAL_LM"))
    with tempfile.TemporaryDirectory() as start:
        model.peft_config["default"].init_lora_weights = True
        model.save_pretrained(start)
        model.peft_config["default"].init_lora_weights = "pissa"
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)
        save(model, out / "converted_pissa", path_initial_model_for_weight_conversion=start)


def half_precision(out):
    """The plain adapter, its matrices in bfloat16."""
    shutil.rmtree(out / "bfloat16", ignore_errors=True)
    shutil.copytree(out / "plain", out / "bfloat16")
    path = out / "bfloat16" / "adapter_model.safetensors"
    save_file({name: value.bfloat16() for name, value in load_file(path).items()}, path, {"format": "pt"})


def settings():
    def written(options):
        with tempfile.TemporaryDirectory() as folder:
            peft.LoraConfig(**{"r": 4, "lora_alpha": 8, "target_modules": PLAIN, **options}).save_pretrained(folder)
            config = json.loads(pathlib.Path(folder, "adapter_config.json").read_text())
            config["target_modules"].sort()
            return config
    default = written({})

    def changes(options):
        return {key: value for key, value in written(options).items() if value != default[key]}
    return {"default": default, "accepted": {name: changes(options) for name, options in ACCEPTED.items()},
            "refused": {name: {"setting": key, "changes": changes(options)} for name, (key, options) in REFUSED.items()}}


def main():
    out = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    golden = {"tokens": torch.randint(0, 96, (13,), generator=generator)}
    for name, options in CASES.items():
        model = peft.get_peft_model(base_model(), peft.LoraConfig(r=3, lora_alpha=5, task_type="CAUSAL_LM", **options))
        randomise(model, generator)
        save(model, out / name)
    converted_pissa(out, generator)
    half_precision(out)
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        golden[folder.name] = logits_of(folder, golden["tokens"])
    golden["tokens"] = golden["tokens"].int()
    save_file(golden, out / "golden.safetensors")
    (out / "settings.json").write_text(json.dumps(settings(), indent=1) + "\n")


if __name__ == "__main__":
    main()
