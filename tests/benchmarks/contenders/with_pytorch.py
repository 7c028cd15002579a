"""The workloads in PyTorch: as people write it, and at its best (fused optimizer, channels last, best chunk)."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

Arrays = dict[str, np.ndarray]
BEST = False


def setup(threads: int) -> None:
    torch.set_num_threads(threads)


def to_numpy(result: Any) -> np.ndarray:
    return result.detach().numpy()


def make(name: str, d: Arrays) -> Any:
    return {"W1": w1, "W2": w2, "W3": w3, "W4": w4, "W5": w5, "W6": w6}[name[:2]](d)


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))


def fill(parameter: nn.Parameter, array: np.ndarray) -> None:
    with torch.no_grad():
        parameter.copy_(tensor(array))


def network(d: Arrays, activation: Any, first: tuple[Any, ...] = ()) -> nn.Sequential:
    number = sum(name.startswith("w") and name[1:].isdigit() for name in d)
    layers: list[Any] = list(first)
    for i in range(number):
        layers.append(nn.Linear(*d[f"w{i}"].shape))
        fill(layers[-1].weight, d[f"w{i}"].T)
        fill(layers[-1].bias, d[f"b{i}"])
        if i < number - 1:
            layers.append(activation())
    return nn.Sequential(*layers)


class ChannelsFirst(nn.Module):
    """Flatten in the order (H, W, C), so that the dense layer's weights are the same ones."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


def convolutional(d: Arrays) -> nn.Sequential:
    layers: list[Any] = []
    for i in (0, 1):
        filters, channels = d[f"k{i}"].shape[3], d[f"k{i}"].shape[2]
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        fill(layers[-3].weight, d[f"k{i}"].transpose(3, 2, 0, 1))
        fill(layers[-3].bias, d[f"c{i}"])
    if BEST:
        model = network(d, None, (*layers, ChannelsFirst()))
        return model.to(memory_format=torch.channels_last)
    # As people write it: nn.Flatten, in the order (C, H, W). The dense layer's rows are sorted accordingly.
    w = d["w0"].reshape(7, 7, 32, 10).transpose(2, 0, 1, 3).reshape(-1, 10)
    return network(d | {"w0": w}, None, (*layers, nn.Flatten()))


def images(x: np.ndarray) -> torch.Tensor:
    """(..., H, W, C) to channels first, and in memory the same where that is faster."""
    # A new array: with one channel, NumPy's view of the old one would tell PyTorch that the channels come last.
    t = torch.from_numpy(np.array(np.moveaxis(x, -1, -3), order="C"))
    return t.contiguous(memory_format=torch.channels_last) if BEST and t.ndim == 4 else t


def training(xs: list[Any], ys: list[Any], model: Any, optimizer: Any, loss_of: Any) -> Any:
    def step(i: int) -> Any:
        optimizer.zero_grad()
        loss = loss_of(model(xs[i % len(xs)]), ys[i % len(ys)])
        loss.backward()
        optimizer.step()
        return loss

    return step


def batches(array: np.ndarray) -> list[torch.Tensor]:
    return list(tensor(array))


def w1(d: Arrays) -> Any:
    model = network(d, nn.ReLU)
    x, y = tensor(d["x"]), tensor((2 * d["y"] - 1).astype(np.float32))[:, None]
    strength = float(d["strength"])

    def hinge(scores: Any, y: Any) -> Any:
        return functional.relu(1 - y * scores).mean()

    def penalty() -> Any:
        return strength / 2 * sum((p**2).sum() for name, p in model.named_parameters() if "weight" in name)

    if not BEST:
        optimizer = torch.optim.SGD(model.parameters(), lr=float(d["lr"]))
        return training([x], [y], model, optimizer, lambda scores, y: hinge(scores, y) + penalty())
    weights = [p for p in model.parameters() if p.ndim > 1]
    biases = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": strength}, {"params": biases}]
    step = training([x], [y], model, torch.optim.SGD(groups, lr=float(d["lr"]), fused=True), hinge)

    def checked(i: int) -> Any:  # the first losses with their penalty, for the comparison
        if i >= 3:
            return step(i)
        before = penalty().detach()
        return step(i).detach() + before

    return checked


def w2(d: Arrays) -> Any:
    model = network(d, nn.Tanh)
    optimizer = torch.optim.SGD(model.parameters(), lr=float(d["lr"]), fused=BEST or None)
    return training(batches(d["x"]), batches(d["y"]), model, optimizer, nn.MSELoss())


def w3(d: Arrays) -> Any:
    model = network(d, nn.ReLU)
    optimizer = torch.optim.Adam(model.parameters(), lr=float(d["lr"]), fused=BEST or None)
    return training(batches(d["x"]), batches(d["y"]), model, optimizer, nn.CrossEntropyLoss())


def w4(d: Arrays) -> Any:
    model = convolutional(d)
    optimizer = torch.optim.SGD(model.parameters(), lr=float(d["lr"]), momentum=0.9, fused=BEST or None)
    return training([images(x) for x in d["x"]], batches(d["y"]), model, optimizer, nn.CrossEntropyLoss())


class Characters(nn.Module):
    def __init__(self, d: Arrays) -> None:
        super().__init__()
        kind = nn.LSTM if d["bias"].size > 128 else nn.RNN
        self.embedding, self.recurrent = nn.Embedding(64, 64), kind(64, 128, batch_first=True)
        self.output = nn.Linear(128, 64)
        fill(self.embedding.weight, d["embedding"])
        fill(self.recurrent.weight_ih_l0, d["weight_x"].T)
        fill(self.recurrent.weight_hh_l0, d["weight_h"].T)
        fill(self.recurrent.bias_ih_l0, d["bias"])
        fill(self.recurrent.bias_hh_l0, 0 * d["bias"])
        self.recurrent.bias_hh_l0.requires_grad_(False)  # a second bias would make the steps differ from the others'
        fill(self.output.weight, d["w0"].T)
        fill(self.output.bias, d["b0"])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.output(self.recurrent(self.embedding(x))[0])


def w5(d: Arrays) -> Any:
    model = Characters(d)
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(learned, lr=float(d["lr"]), fused=BEST or None)
    xs, ys, clip = batches(d["x"]), batches(d["y"]), float(d["clip"])

    def step(i: int) -> Any:
        optimizer.zero_grad()
        logits = model(xs[i % len(xs)])
        loss = functional.cross_entropy(logits.reshape(-1, 64), ys[i % len(ys)].reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(learned, clip, foreach=BEST or None)
        optimizer.step()
        return loss

    return step


def w6(d: Arrays) -> Any:
    convolution = "k0" in d
    model = (convolutional(d) if convolution else network(d, nn.ReLU)).eval()
    x = images(d["x"]) if convolution else tensor(d["x"])

    def predict(chunk: int) -> Any:
        with torch.inference_mode():
            if chunk >= len(x):
                return model(x)
            return torch.cat([model(part) for part in x.split(chunk)])

    if not BEST:
        return lambda i: predict(len(x))
    times: OrderedDict[int, float] = OrderedDict()
    for chunk in (32, 64, 128, 256, 512, 1024):
        predict(chunk)
        start = time.process_time()
        predict(chunk)
        times[chunk] = time.process_time() - start
    best = min(times, key=lambda chunk: times[chunk])
    return lambda i: predict(best)
