#!/usr/bin/env python3
"""llama.cpp on the CPU: answers prompts one after the other, for bench_prompts to compare with.

usage: llamacpp_prompts.py MODEL.gguf INPUT.json

INPUT: {"threads", "max_new_tokens", "repetition_penalty", "stop": […], "prompts": {name: [text…]}}. A prompt that begins
like the one before it goes on from there (llama.cpp's own cache). Prints one JSON line: by name "seconds",
"prompt_tokens" and "new_tokens".
"""
import json
import sys
import time

import llama_cpp


def main():
    with open(sys.argv[2]) as opened:
        given = json.load(opened)
    model = llama_cpp.Llama(model_path=sys.argv[1], n_ctx=4096, n_batch=512, n_threads=given["threads"],
                            n_threads_batch=given["threads"], verbose=False)
    report = {"name": f"llama-cpp-python {llama_cpp.__version__}"}
    for name, prompts in given["prompts"].items():
        model.reset()
        prompt_tokens = new_tokens = 0
        begun = time.perf_counter()
        for prompt in prompts:
            answer = model.create_chat_completion(
                [{"role": "user", "content": prompt}], temperature=0.0, repeat_penalty=given["repetition_penalty"],
                max_tokens=given["max_new_tokens"], stop=given["stop"])
            prompt_tokens += answer["usage"]["prompt_tokens"]
            new_tokens += answer["usage"]["completion_tokens"]
        report[name] = {"seconds": time.perf_counter() - begun, "prompt_tokens": prompt_tokens,
                        "new_tokens": new_tokens}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
