"""Writes chat_templates.json: chats as transformers renders them with the templates of chat_templates/ and of SmolLM2.

usage: make_chat_golden.py SmolLM2-135M-Instruct.Q4_1.gguf > tests/reference/chat_templates.json

Needs `pip install transformers gguf`. The templates are shaped as the families' own.
"""
import json
import pathlib
import sys

from gguf import GGUFReader
from transformers.utils.chat_template_utils import _compile_jinja_template

CHATS = {
    "empty system": [("user", "Hello")],
    "system": [("system", "  Be brief.\n"), ("user", " Hi \n"), ("assistant", "Hello!"), ("user", "Name a synonym of 'big'.")],
    "thought": [("user", "a"), ("assistant", "<think>\nhm\n</think>\n\nb"), ("user", "c"),
                ("assistant", "<think>\nwell\n\n</think>\n\nd")],
    "tool": [("user", "é 日本"), ("tool", "{\"x\": \"é\"}"), ("tool", "2"), ("assistant", "done")],
    "late system": [("user", "<tool>x</tool>"), ("system", "rule"), ("user", "")],
}


def main():
    folder = pathlib.Path(__file__).parent / "chat_templates"
    templates = {path.stem: path.read_text() for path in sorted(folder.glob("*.jinja"))}
    smollm2 = GGUFReader(sys.argv[1]).fields["tokenizer.chat_template"].contents()
    cases = []
    for name, source in {**templates, "SmolLM2": smollm2}.items():
        template = _compile_jinja_template(source)
        # transformers also passes the date, which is left out here on purpose.
        template.globals.pop("strftime_now", None)
        template.environment.globals.pop("strftime_now", None)
        for chat in CHATS.values():
            messages = [{"role": role, "content": content} for role, content in chat]
            for prompt in (False, True):
                text = template.render(messages=messages, tools=None, documents=None, add_generation_prompt=prompt,
                                       bos_token="<|im_start|>", eos_token="<|im_end|>")
                cases.append({"template": name, "messages": messages, "add_generation_prompt": prompt, "text": text})
    print(json.dumps(cases, ensure_ascii=True, indent=0))


if __name__ == "__main__":
    main()
