"""Loads what conceptune wrote in other programs' libraries and compares the logits.

usage: check_in_peer.py adapter BASE ADAPTER EXPECTED | model FOLDER EXPECTED | gguf FILE EXPECTED

EXPECTED is a safetensors file with `tokens`, one sequence, and the `logits` that they should give. Exits with 1, and says how far
off they are, when a logit differs by more than 1e-4 of the largest. adapter: peft on transformers; model, gguf: transformers.
"""
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file


def load_base(path, **options):
    model, facts = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, output_loading_info=True,
                                                                     **options)
    wrong = {kind: names for kind, names in facts.items() if names}
    if wrong:
        sys.exit(f"{path}: {wrong}")
    return model.eval()


def load_adapted(base, adapter):
    import peft
    from safetensors import safe_open
    model = peft.PeftModel.from_pretrained(load_base(base), adapter)
    with safe_open(adapter / "adapter_model.safetensors", "pt") as file:
        stored = set(file.keys())
    taken = set(peft.get_peft_model_state_dict(model))
    if stored != taken:
        sys.exit(f"{adapter}: tensors differ from peft's: {sorted(stored ^ taken)}")
    return model.eval()


def main():
    kind, *paths = sys.argv[1:]
    paths = [pathlib.Path(path) for path in paths]
    expected = load_file(paths[-1])
    if kind == "adapter":
        model = load_adapted(*paths[:2])
    elif kind == "model":
        model = load_base(paths[0])
    else:
        model = load_base(paths[0].parent, gguf_file=paths[0].name)
    with torch.no_grad():
        logits = model(input_ids=expected["tokens"].long()[None]).logits[0]
    difference = ((logits - expected["logits"]).abs().max() / expected["logits"].abs().max()).item()
    print(f"{kind}: logits differ by {difference:.2g} of the largest")
    return not difference < 1e-4


if __name__ == "__main__":
    sys.exit(main())
