"""Golden values for tests/training/optimizer/adamw_test.cpp and schedule_test.cpp: torch.optim.AdamW and transformers' schedules.

usage: python tests/reference/optimizer.py > tests/reference/optimizer.json
"""
import json

import torch
from transformers import get_constant_schedule_with_warmup, get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup


def adamw():
    start = torch.tensor([0.5, -1.25, 3.0, 0.0])
    parameter = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.AdamW([parameter], lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.05)
    steps = []
    for step in range(6):
        gradient = torch.tensor([0.3, -2.0, 0.001, 0.0]) * (1 if step % 2 == 0 else -0.4)
        parameter.grad = gradient.clone()
        norm = torch.nn.utils.clip_grad_norm_([parameter], 1.0).item()
        optimizer.step()
        steps.append({"gradient": gradient.tolist(), "norm": norm, "parameter": parameter.detach().tolist()})
    return {"start": start.tolist(), "steps": steps}


def schedules(total=25, warmup=2):
    makers = {
        "constant": lambda o: get_constant_schedule_with_warmup(o, warmup),
        "linear": lambda o: get_linear_schedule_with_warmup(o, warmup, total),
        "cosine": lambda o: get_cosine_schedule_with_warmup(o, warmup, total),
    }
    rates = {}
    for name, make in makers.items():
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=7e-5)
        schedule = make(optimizer)
        rates[name] = []
        for _ in range(total):
            rates[name].append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
    return {"total_steps": total, "warmup": warmup / total, "learning_rate": 7e-5, "rates": rates}


print(json.dumps({"adamw": adamw(), "schedules": schedules()}, indent=1))
